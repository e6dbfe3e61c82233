export { Connector, agentDownload, type Card, type Info, type Options, type Reader } from './connector.js';
export { codeWord, type Consent, type ExplicitConsent, type ImplicitConsent } from './consent.js';
export { ConnectorError, type Language, type Reason } from './errors.js';
export { digest, type Certificate, type SignRequest, type TokenModule } from './token.js';
export { type TokenSource } from './agent.js';
