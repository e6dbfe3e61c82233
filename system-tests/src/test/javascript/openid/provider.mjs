// An OpenID provider with its pages for development: who types a name is that person, whatever the password.

import {createServer} from 'node:http';
import {renameSync, writeFileSync} from 'node:fs';
import Provider from 'oidc-provider';

const GROUPS = {anna: ['everybody', 'ds-operators'], berta: ['everybody'], carla: ['everybody', 'holders'],
  'carla@acme': ['holders']};

const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const {port} = server.address();
  // Another site than the service's, which is reached as 127.0.0.1.
  const provider = new Provider(`http://localhost:${port}`, {
    clients: [{
      client_id: process.env.CLIENT,
      client_secret: process.env.SECRET,
      redirect_uris: process.env.REDIRECT.split(' '),
      grant_types: ['authorization_code'],
      response_types: ['code'],
      token_endpoint_auth_method: 'client_secret_basic',
    }],
    conformIdTokenClaims: false,
    claims: {openid: ['sub'], profile: ['groups']},
    cookies: {keys: ['of the tests']},
    pkce: {required: () => true},
    findAccount: (context, id) => ({accountId: id, claims: () => ({sub: id, groups: GROUPS[id] ?? []})}),
  });
  server.on('request', provider.callback());
  writeFileSync('port.new', String(port));
  renameSync('port.new', 'port');
});
