// The console of the wallet provider.

import {audit} from './audit.js';
import {organisation, organisations} from './organisations.js';
import {start} from './shell.js';
import {users} from './users.js';

await start({
  users: {view: users, roles: ['operator']},
  organisations: {view: organisations, roles: ['operator']},
  organisation: {view: organisation, roles: ['operator'], within: 'organisations'},
  audit: {view: audit, roles: ['auditor']},
});
