-- A made-up schema of a company that grew in four countries: what people would annotate stands behind each column. "not read" marks
-- tables that nothing leads to from a person. Where a second word follows, people are found by that identity.

CREATE TABLE tenants (
    -- not read
    id int PRIMARY KEY, -- system.operations
    name varchar(200) NOT NULL, -- system.operations
    plan varchar(20) NOT NULL -- system.operations
);

CREATE TABLE users (
    id bigint PRIMARY KEY, -- user.unique_id
    tenant_id int NOT NULL REFERENCES tenants, -- system.operations
    email varchar(320) NOT NULL, -- user.contact.email email
    email_verified boolean NOT NULL, -- user.account
    password_hash varchar(100), -- user.authorization.password
    first_name varchar(80), -- user.name.first
    last_name varchar(80), -- user.name.last
    display_name varchar(80), -- user.account.username
    mobile_phone varchar(32), -- user.contact.phone_number phone_number
    date_of_birth date, -- user.demographic.date_of_birth
    gender char(1), -- user.demographic.gender
    locale varchar(10), -- user.demographic.language
    time_zone varchar(40), -- user.account.settings
    avatar_url text, -- user.content.self_image
    marketing_opt_in boolean NOT NULL, -- user.privacy_preferences
    last_login_at timestamptz, -- user.account
    last_login_ip inet, -- user.device.ip_address
    totp_secret text, -- user.authorization.credentials
    referral_code varchar(12), -- user.account
    is_active boolean NOT NULL, -- user.account
    created_at timestamptz NOT NULL, -- user.account
    updated_at timestamptz NOT NULL -- user.account
);

CREATE TABLE user_addresses (
    id bigint PRIMARY KEY, -- system.operations
    user_id bigint NOT NULL REFERENCES users, -- user.unique_id
    recipient varchar(200), -- user.name
    address_line1 varchar(200) NOT NULL, -- user.contact.address.street
    address_line2 varchar(200), -- user.contact.address.street
    zip varchar(12) NOT NULL, -- user.contact.address.postal_code
    city varchar(100) NOT NULL, -- user.contact.address.city
    state varchar(40), -- user.contact.address.state
    country_code char(2) NOT NULL, -- user.contact.address.country
    latitude double precision, -- user.location.precise
    longitude double precision, -- user.location.precise
    is_default boolean NOT NULL -- user.contact.address
);

CREATE TABLE sessions (
    id uuid PRIMARY KEY, -- system.operations
    user_id bigint NOT NULL REFERENCES users, -- user.unique_id
    token varchar(64) NOT NULL, -- user.authorization.credentials
    ip_address inet NOT NULL, -- user.device.ip_address
    user_agent text, -- user.device
    device_id varchar(64), -- user.device.device_id
    expires_at timestamptz NOT NULL -- user.authorization.credentials
);

CREATE TABLE categories (
    -- not read
    id int PRIMARY KEY, -- system.operations
    name varchar(100) NOT NULL, -- system.operations
    slug varchar(100) NOT NULL, -- system.operations
    sort_order int -- system.operations
);

CREATE TABLE products (
    id int PRIMARY KEY, -- system.operations
    category_id int REFERENCES categories, -- system.operations
    title varchar(200) NOT NULL, -- system.operations
    description text, -- system.operations
    weight_kg numeric(8, 3), -- system.operations
    price numeric(10, 2) NOT NULL, -- system.operations
    created_by bigint REFERENCES users, -- user.unique_id
    created_at timestamptz NOT NULL -- system.operations
);

CREATE TABLE orders (
    id bigint PRIMARY KEY, -- user.behavior.purchase_history
    user_id bigint NOT NULL REFERENCES users, -- user.unique_id
    billing_address_id bigint REFERENCES user_addresses, -- system.operations
    order_number varchar(20) NOT NULL, -- user.behavior.purchase_history
    ordered_at timestamptz NOT NULL, -- user.behavior.purchase_history
    currency char(3) NOT NULL, -- user.behavior.purchase_history
    grand_total numeric(12, 2) NOT NULL, -- user.behavior.purchase_history
    customer_note text, -- user.content.private
    gift_message text, -- user.content.private
    ip inet, -- user.device.ip_address
    handled_by bigint REFERENCES users -- user.unique_id
);

CREATE TABLE order_lines (
    order_id bigint NOT NULL REFERENCES orders, -- user.behavior.purchase_history
    line_no int NOT NULL, -- system.operations
    product_id int NOT NULL REFERENCES products, -- user.behavior.purchase_history
    qty int NOT NULL, -- user.behavior.purchase_history
    unit_price numeric(10, 2) NOT NULL, -- user.behavior.purchase_history
    PRIMARY KEY (order_id, line_no)
);

CREATE TABLE shipments (
    id bigint PRIMARY KEY, -- system.operations
    order_id bigint NOT NULL REFERENCES orders, -- user.behavior.purchase_history
    carrier varchar(40), -- user.behavior.purchase_history
    tracking_number varchar(60), -- user.behavior.purchase_history
    weight_kg numeric(8, 3), -- user.behavior.purchase_history
    shipped_at timestamptz -- user.behavior.purchase_history
);

CREATE TABLE payment_methods (
    id bigint PRIMARY KEY, -- system.operations
    user_id bigint NOT NULL REFERENCES users, -- user.unique_id
    kind varchar(20) NOT NULL, -- user.financial
    iban varchar(34), -- user.financial.bank_account
    bic varchar(11), -- user.financial.bank_account
    account_holder varchar(100), -- user.financial.bank_account
    card_brand varchar(20), -- user.financial.credit_card
    card_last_four char(4), -- user.financial.credit_card
    exp_month smallint, -- user.financial.credit_card
    exp_year smallint, -- user.financial.credit_card
    provider_token varchar(100) -- user.authorization.credentials
);

CREATE TABLE product_reviews (
    id bigint PRIMARY KEY, -- system.operations
    product_id int NOT NULL REFERENCES products, -- system.operations
    author_id bigint NOT NULL REFERENCES users, -- user.unique_id
    rating smallint NOT NULL, -- user.content.public
    headline varchar(200), -- user.content.public
    review_text text, -- user.content.public
    published_at timestamptz -- user.content.public
);

CREATE TABLE page_views (
    id bigint PRIMARY KEY, -- system.operations
    visitor_id uuid NOT NULL, -- user.device.cookie_id
    user_id bigint REFERENCES users, -- user.unique_id
    page_url text NOT NULL, -- user.behavior.browsing_history
    referrer text, -- user.behavior.browsing_history
    viewed_at timestamptz NOT NULL -- user.behavior.browsing_history
);

CREATE TABLE support_tickets (
    id bigint PRIMARY KEY, -- system.operations
    requester_email citext NOT NULL, -- user.contact.email email
    subject varchar(200) NOT NULL, -- user.content.private
    priority varchar(10) NOT NULL, -- system.operations
    assigned_to bigint REFERENCES users, -- user.unique_id
    closed_at timestamptz -- user.behavior
);

CREATE TABLE ticket_messages (
    id bigint PRIMARY KEY, -- system.operations
    ticket_id bigint NOT NULL REFERENCES support_tickets, -- system.operations
    body text NOT NULL, -- user.content.private
    sent_at timestamptz NOT NULL -- user.behavior
);

CREATE TABLE kunden (
    kunden_id int PRIMARY KEY, -- user.unique_id
    kundennummer varchar(20) NOT NULL, -- user.unique_id customer_id
    anrede varchar(10), -- user.name
    vorname varchar(60), -- user.name.first
    nachname varchar(60) NOT NULL, -- user.name.last
    firma varchar(100), -- user.contact.organization
    geburtsdatum date, -- user.demographic.date_of_birth
    strasse varchar(100), -- user.contact.address.street
    hausnummer varchar(10), -- user.contact.address.street
    plz varchar(10), -- user.contact.address.postal_code
    ort varchar(80), -- user.contact.address.city
    land char(2), -- user.contact.address.country
    telefon varchar(30), -- user.contact.phone_number phone_number
    e_mail varchar(200), -- user.contact.email email
    familienstand varchar(20), -- user.demographic.marital_status
    staatsangehoerigkeit char(2), -- user.demographic
    steuer_id varchar(11), -- user.government_id.national_identification_number
    bonitaetsscore int, -- user.financial
    werbeeinwilligung boolean, -- user.privacy_preferences
    bemerkung text, -- user.content.private
    angelegt_am timestamp, -- user.account
    geaendert_von varchar(30) -- system.operations
);

CREATE TABLE bestellungen (
    bestell_id int PRIMARY KEY, -- user.behavior.purchase_history
    kunden_id int NOT NULL REFERENCES kunden, -- user.unique_id
    bestelldatum date NOT NULL, -- user.behavior.purchase_history
    gesamtbetrag numeric(12, 2) NOT NULL, -- user.behavior.purchase_history
    zahlungsart varchar(20), -- user.financial
    lieferanschrift text -- user.contact.address
);

CREATE TABLE laender (
    -- not read
    code char(2) PRIMARY KEY, -- system.operations
    bezeichnung varchar(80) NOT NULL -- system.operations
);

CREATE TABLE clients (
    id int PRIMARY KEY, -- user.unique_id
    civilite varchar(10), -- user.name
    nom varchar(80) NOT NULL, -- user.name
    prenom varchar(80), -- user.name.first
    courriel varchar(200), -- user.contact.email email
    telephone_portable varchar(20), -- user.contact.phone_number phone_number
    date_naissance date, -- user.demographic.date_of_birth
    adresse text, -- user.contact.address
    code_postal varchar(10), -- user.contact.address.postal_code
    ville varchar(80), -- user.contact.address.city
    pays varchar(40), -- user.contact.address.country
    numero_securite_sociale varchar(15), -- user.government_id.national_identification_number
    mot_de_passe varchar(100), -- user.authorization.password
    optin_newsletter boolean, -- user.privacy_preferences
    date_inscription timestamp -- user.account
);

CREATE TABLE factures (
    id int PRIMARY KEY, -- system.operations
    client_id int NOT NULL REFERENCES clients, -- user.unique_id
    numero varchar(20) NOT NULL, -- user.financial
    date_facture date NOT NULL, -- user.financial
    montant_ttc numeric(12, 2) NOT NULL, -- user.financial
    moyen_paiement varchar(20) -- user.financial
);

CREATE TABLE clientes (
    id int PRIMARY KEY, -- user.unique_id
    nombre varchar(80) NOT NULL, -- user.name
    apellidos varchar(120) NOT NULL, -- user.name.last
    dni varchar(9), -- user.government_id.national_identification_number
    correo_electronico varchar(200), -- user.contact.email email
    movil varchar(20), -- user.contact.phone_number phone_number
    fecha_nacimiento date, -- user.demographic.date_of_birth
    direccion varchar(200), -- user.contact.address
    codigo_postal varchar(10), -- user.contact.address.postal_code
    ciudad varchar(80), -- user.contact.address.city
    sexo char(1), -- user.demographic.gender
    observaciones text -- user.content.private
);

CREATE TABLE pedidos (
    id int PRIMARY KEY, -- user.behavior.purchase_history
    id_cliente int NOT NULL REFERENCES clientes, -- user.unique_id
    fecha timestamp NOT NULL, -- user.behavior.purchase_history
    estado varchar(20), -- user.behavior.purchase_history
    importe numeric(12, 2) -- user.behavior.purchase_history
);

CREATE TABLE employees (
    id int PRIMARY KEY, -- user.unique_id
    full_name varchar(120) NOT NULL, -- user.name
    work_email varchar(200) NOT NULL, -- user.contact.email email
    job_title varchar(80), -- user.job_title
    department varchar(80), -- user.workplace
    salary numeric(12, 2), -- user.financial
    bank_account varchar(34), -- user.financial.bank_account
    ssn varchar(11), -- user.government_id.national_identification_number
    religion varchar(20), -- user.demographic.religious_belief
    emergency_contact_phone varchar(30), -- user.contact.phone_number
    manager_id int REFERENCES employees, -- user.unique_id
    hired_on date -- user.account
);

CREATE TABLE absences (
    id int PRIMARY KEY, -- system.operations
    employee_id int NOT NULL REFERENCES employees, -- user.unique_id
    starts_on date NOT NULL, -- user.behavior
    ends_on date, -- user.behavior
    diagnosis text -- user.health_and_medical
);

CREATE TABLE suppliers (
    -- not read
    id int PRIMARY KEY, -- system.operations
    company_name varchar(120) NOT NULL, -- user.contact.organization
    contact_person varchar(120), -- user.name
    email varchar(200), -- user.contact.email
    phone varchar(30) -- user.contact.phone_number
);

CREATE TABLE email_templates (
    -- not read
    id int PRIMARY KEY, -- system.operations
    from_email varchar(200), -- system.operations
    subject varchar(200), -- system.operations
    body text -- system.operations
);

CREATE TABLE servers (
    -- not read
    id int PRIMARY KEY, -- system.operations
    host_name varchar(200) NOT NULL, -- system.operations
    region varchar(20), -- system.operations
    cpu_count int -- system.operations
);

CREATE TABLE schema_migrations (
    -- not read
    version bigint PRIMARY KEY, -- system.operations
    applied_at timestamptz NOT NULL -- system.operations
);

CREATE TABLE patient_records (
    id int PRIMARY KEY, -- system.operations
    user_id bigint NOT NULL REFERENCES users, -- user.unique_id
    insurance_number varchar(20), -- user.health_and_medical.insurance_beneficiary_id
    blood_type varchar(3), -- user.health_and_medical
    allergies text, -- user.health_and_medical
    heart_rate int, -- user.biometric.health
    genome bytea -- user.health_and_medical.genetic
);

CREATE TABLE documents (
    id int PRIMARY KEY, -- system.operations
    owner_id bigint NOT NULL REFERENCES users, -- user.unique_id
    passport_number varchar(20), -- user.government_id.passport_number
    drivers_license_number varchar(20), -- user.government_id.drivers_license_number
    license_plate varchar(12), -- user.government_id.vehicle_registration
    scan bytea, -- user.content.private
    file_name varchar(200) -- user.content.private
);

CREATE TABLE search_log (
    id bigint PRIMARY KEY, -- system.operations
    user_id bigint REFERENCES users, -- user.unique_id
    query text NOT NULL, -- user.behavior.search_history
    result_count int, -- user.behavior.search_history
    searched_at timestamptz NOT NULL -- user.behavior.search_history
);

CREATE TABLE friendships (
    user_id bigint NOT NULL REFERENCES users, -- user.unique_id
    friend_id bigint NOT NULL REFERENCES users, -- user.unique_id
    since date, -- user.social
    PRIMARY KEY (user_id, friend_id)
);
