CREATE TABLE tiers (
    code char(1) PRIMARY KEY,
    name varchar(40) NOT NULL,
    needed int NOT NULL
);

-- The programme is older than the shop: some birthdays were never asked for, and stand as they did in the paper forms.
CREATE TABLE members (
    number int unsigned PRIMARY KEY,
    email varchar(190),
    shop_customer_id bigint unsigned,
    salutation enum('Frau', 'Herr', 'Mme', 'M.', 'Sra.', 'Sr.', 'Ms', 'Mr'),
    full_name varchar(120) NOT NULL,
    birthday date NOT NULL DEFAULT '0000-00-00',
    tier char(1) NOT NULL,
    joined_on date NOT NULL,
    newsletter boolean NOT NULL,
    preferences json,
    KEY (email),
    KEY (shop_customer_id),
    FOREIGN KEY (tier) REFERENCES tiers (code)
);

CREATE TABLE cards (
    code binary(8) PRIMARY KEY,
    member int unsigned NOT NULL,
    issued_on date NOT NULL,
    valid_until year NOT NULL,
    blocked bit(1) NOT NULL,
    FOREIGN KEY (member) REFERENCES members (number)
);

CREATE TABLE bookings (
    id bigint unsigned PRIMARY KEY,
    member int unsigned NOT NULL,
    order_id char(36) CHARACTER SET ascii,
    ordered_on date,
    amount decimal(10, 2),
    points int NOT NULL,
    text varchar(200),
    FOREIGN KEY (member) REFERENCES members (number)
);

-- What the tills sent, line by line as it came: no key, some lines twice.
CREATE TABLE till_lines (
    member int unsigned NOT NULL,
    store varchar(40) NOT NULL,
    at datetime NOT NULL,
    line varchar(200) CHARACTER SET latin1,
    KEY (member)
);
