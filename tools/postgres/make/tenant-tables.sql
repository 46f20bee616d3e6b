-- One tenant's tables, in the schema named by the variable `schema`.
SET search_path = :"schema";

CREATE TABLE users (id bigint PRIMARY KEY, email text UNIQUE, role text, created date);
CREATE TABLE teams (id bigint PRIMARY KEY, name text);
CREATE TABLE memberships (team bigint REFERENCES teams, member bigint REFERENCES users);
CREATE TABLE projects (id bigint PRIMARY KEY, team bigint, title text, archived bool);
CREATE TABLE tickets (id bigint PRIMARY KEY, project bigint, title text, state text, body text);
CREATE TABLE comments (id bigint PRIMARY KEY, ticket bigint, author bigint, body text);
CREATE TABLE attachments (id bigint PRIMARY KEY, ticket bigint, name text, bytes bigint);
CREATE TABLE audit_log (id bigint PRIMARY KEY, actor bigint, action text, at timestamptz);
CREATE TABLE settings (key text PRIMARY KEY, value jsonb);
