CREATE TABLE products (
    id int PRIMARY KEY,
    name text NOT NULL,
    price numeric(10, 2) NOT NULL
);

CREATE TABLE customers (
    id bigint PRIMARY KEY,
    email text NOT NULL,
    full_name text NOT NULL,
    phone text,
    crm_contact_id int,
    created_at timestamptz NOT NULL,
    newsletter boolean NOT NULL,
    settings jsonb,
    nickname varchar(40),
    -- What a customer wants to be kept beside data that was not corrected.
    statement text
);
CREATE INDEX ON customers (lower(email));

CREATE TABLE addresses (
    id bigint PRIMARY KEY,
    street text NOT NULL,
    postal_code text NOT NULL,
    city text NOT NULL,
    country char(2) NOT NULL
);

CREATE TABLE orders (
    id uuid PRIMARY KEY,
    customer_id bigint NOT NULL REFERENCES customers,
    shipping_address_id bigint REFERENCES addresses,
    placed_at timestamptz NOT NULL,
    status text NOT NULL,
    total numeric(12, 2) NOT NULL,
    note text
);
CREATE INDEX ON orders (customer_id);

CREATE TABLE order_items (
    order_id uuid NOT NULL REFERENCES orders,
    line int NOT NULL,
    product_id int NOT NULL REFERENCES products,
    quantity int NOT NULL,
    price numeric(10, 2) NOT NULL,
    PRIMARY KEY (order_id, line)
);

CREATE TABLE payments (
    id bigint PRIMARY KEY,
    order_id uuid NOT NULL REFERENCES orders,
    method text NOT NULL,
    card_last4 char(4),
    amount numeric(12, 2) NOT NULL,
    paid_at timestamptz
);
CREATE INDEX ON payments (order_id);

CREATE TABLE reviews (
    id bigint PRIMARY KEY,
    customer_id bigint NOT NULL REFERENCES customers,
    product_id int NOT NULL REFERENCES products,
    stars smallint NOT NULL,
    title text,
    body text,
    photos text[],
    written_at timestamptz NOT NULL
);
CREATE INDEX ON reviews (customer_id);

-- One line per mail event, as the mailing service delivers them: no key.
CREATE TABLE newsletter_events (
    email text NOT NULL,
    event text NOT NULL,
    campaign text NOT NULL,
    at timestamptz NOT NULL,
    client jsonb
);
CREATE INDEX ON newsletter_events (lower(email));

CREATE TABLE daily_sales (
    day date PRIMARY KEY,
    orders int NOT NULL,
    revenue numeric(14, 2) NOT NULL
);
