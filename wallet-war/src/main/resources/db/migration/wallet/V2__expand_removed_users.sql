-- Of somebody who was removed: their row stays under a login that nobody can have, as their wallets keep their places in the status lists.
ALTER TABLE wallet_user ADD COLUMN removed_at timestamptz;
