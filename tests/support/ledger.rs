//! The statements of a store that nobody has seen before.
//!
//! Include it with `#[path = "support/ledger.rs"] mod ledger;`.

/// A ledger whose columns have names of its own: it is guessed all the same.
pub const LEDGER: &str = "
    CREATE TABLE ledger_log (seq INTEGER PRIMARY KEY, agg_type TEXT, agg_id TEXT, agg_ver INTEGER,
        evt TEXT, ts INTEGER, body BLOB, trace TEXT, zzz TEXT);
    CREATE TABLE accounts (id INTEGER PRIMARY KEY, owner TEXT, currency TEXT);
    CREATE TABLE account_snapshots (acct TEXT, ver INTEGER, state TEXT, PRIMARY KEY (acct, ver));
    CREATE TABLE schema_info (version INTEGER);
    CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT);
    CREATE VIEW v_balances AS SELECT agg_id, count(*) AS n FROM ledger_log GROUP BY agg_id;
    WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n LIMIT 300)
        INSERT INTO ledger_log SELECT i + 1, 'account', 1001 + i % 7, 1 + i / 7,
            CASE WHEN i < 7 THEN 'AccountOpened' WHEN i % 3 = 0 THEN 'MoneyWithdrawn' ELSE 'MoneyDeposited' END,
            1546416000412 + i * 61000,
            CASE WHEN i % 100 = 3 THEN x'00ff10fe'
                 WHEN i < 7 THEN '{\"owner\":\"A. Brandt\",\"currency\":\"EUR\"}'
                 ELSE '{\"amount\":' || (i * 10) || '.00,\"atm\":\"0417\"}' END,
            'trace-' || (i / 4), NULL FROM n;
    INSERT INTO account_snapshots VALUES ('1001', 7, '{}');
    INSERT INTO schema_info VALUES (3);";
