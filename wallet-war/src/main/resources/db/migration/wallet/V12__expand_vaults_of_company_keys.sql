-- Where the private key is: a vault's name, as the configuration's hsm.type has it.
alter table company_key add column vault varchar(64) not null default 'PKCS12DBWebCertificate';
