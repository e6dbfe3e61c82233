#!/bin/sh
# Starts WildFly with a context for each company's file, $SIGNER_TENANTS/NAME.json. Arguments go to standalone.sh.
set -eu

base=${JBOSS_BASE_DIR:-$JBOSS_HOME/standalone}
deployments=$base/deployments
found=false

# What an earlier start of this container deployed; a company's file may be gone.
rm -f "$deployments"/*.war "$deployments"/*.war.*

for file in "$SIGNER_TENANTS"/*.json; do
  [ -f "$file" ] || continue
  found=true
  name=$(basename "$file" .json)
  cp "$SIGNER_WAR" "$deployments/$name.war"
done
if ! $found; then
  echo "No company: mount a folder with a file NAME.json for each at $SIGNER_TENANTS (see sample/)." >&2
  exit 1
fi

# Beside the companies' files, or one that says the usual.
properties=$SIGNER_TENANTS/application.properties
if [ ! -f "$properties" ]; then
  properties=$base/tmp/signer-application.properties
  mkdir -p "$base/tmp"
  printf 'configuration.fileName=%s/$CONTEXT_NAME.json\n' "$SIGNER_TENANTS" >"$properties"
fi

# So that the signal that stops the container reaches the server.
export LAUNCH_JBOSS_IN_BACKGROUND=true
exec "$JBOSS_HOME/bin/standalone.sh" "-Dsigner-@project.version@.config.location=file:$properties" "$@"
