CREATE TABLE answers (
    id int PRIMARY KEY,
    email text NOT NULL,
    question text NOT NULL,
    score int NOT NULL,
    remark text NOT NULL,
    answered_at timestamptz NOT NULL
);
CREATE INDEX ON answers (lower(email));
