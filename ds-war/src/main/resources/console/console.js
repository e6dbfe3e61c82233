// The console of the distribution service.

import {application, applications, registration} from './applications.js';
import {audit} from './audit.js';
import {devices, logs, transactions} from './devices.js';
import {keys, versions} from './releases.js';
import {start} from './shell.js';

await start({
  devices: {view: devices, roles: ['operator', 'support']},
  transactions: {view: transactions, roles: ['operator', 'support']},
  logs: {view: logs, roles: ['operator', 'support']},
  applications: {view: applications, roles: ['operator']},
  application: {view: application, roles: ['operator'], within: 'applications'},
  registration: {view: registration, roles: ['operator']},
  versions: {view: versions, roles: ['operator']},
  keys: {view: keys, roles: ['operator']},
  audit: {view: audit, roles: ['auditor']},
});
