-- The role that the checks for Icinga and Prometheus connect as. Run this with psql, as a superuser.
--
-- Under peer authentication, the user of the operating system is another one. Then pg_hba.conf needs the first of these
-- lines, before others for this database, and pg_ident.conf the second and third:
--
--     local       fitsdata    monitoring  peer map=monitoring
--     monitoring  nagios      monitoring
--     monitoring  prometheus  monitoring
--
-- The percentage of a batched statement is known only to roles that may read its table:
--
--     GRANT SELECT ON diskfile, gmos TO monitoring;
CREATE ROLE monitoring LOGIN;
GRANT CONNECT ON DATABASE fitsdata TO monitoring;
\connect fitsdata
GRANT USAGE ON SCHEMA public TO monitoring;
GRANT SELECT ON migrate_version TO monitoring;
