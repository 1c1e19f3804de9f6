-- What the web server needs.
GRANT ALL ON ALL TABLES IN SCHEMA public TO apache;
GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO apache;
