-- Whether wallets of the app that was shipped before may begin with its invitations.
ALTER TABLE organisation ADD COLUMN compatibility boolean NOT NULL DEFAULT false;
