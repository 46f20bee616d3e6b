-- A forgotten holiday project, with every name that a careless query would trip over.
SET ROLE "Zoë Müller";

CREATE TABLE public."l'été" (id int, "où" text);
CREATE TABLE public."select" ("from" text, "where" text);
CREATE TABLE public."Tab\with\backslashes" (a int);
CREATE TABLE public."double ""quotes""" (a int);
CREATE TABLE public."trailing space " (a int);
INSERT INTO public."l'été" SELECT n, 'plage ' || n FROM generate_series(1, 300) AS n;
