// What several of the views ask of the service.

import {get, upload} from './api.js';

const MOST = 1000;

/** All credentials of the seat, the newest first. */
export function ownCredentials() {
  return get('/api/v1/holder/credentials', {pageSize: MOST});
}

/** A form as the service takes documents: the parameters come after them. */
export function documentForm(files, parameters) {
  const form = new FormData();
  for (const [name, file] of Object.entries(files)) {
    if (file) {
      form.append(name, file, name);
    }
  }
  if (parameters) {
    form.append('parameters', JSON.stringify(parameters));
  }
  return form;
}

export function sendDocument(path, files, parameters, accept) {
  return upload(path, documentForm(files, parameters), accept);
}
