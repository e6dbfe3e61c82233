// The wizard: where a holder enrols, signs, validates, and sees the own credentials and history.

import {credentials, history} from './credentials.js';
import {enrol} from './enrol.js';
import {credential} from './living.js';
import {start} from './shell.js';
import {sign} from './sign.js';
import {validate} from './validate.js';

const everybody = ['signer', 'lister', 'generator'];

await start({
  credentials: {view: credentials, roles: ['lister']},
  credential: {view: credential, roles: ['lister'], within: 'credentials'},
  enrol: {view: enrol, roles: ['generator']},
  sign: {view: sign, roles: ['signer']},
  validate: {view: validate, roles: everybody},
  history: {view: history, roles: ['lister']},
}, session => session.user);
