package local

// Addresses say where the parts of a stack are reached and with which credentials.
type Addresses struct {
	// PostgresAdminDSN is a URL of a role that may create roles and databases.
	PostgresAdminDSN string `json:"postgres_admin_dsn"`
	// MariaDBAdminDSN is a URL of a user that may do everything there; empty when no MariaDB was asked for.
	MariaDBAdminDSN string `json:"mariadb_admin_dsn,omitempty"`
	// MongoDBAdminDSN is a URL of a user that may do everything there; empty when no MongoDB was asked for.
	MongoDBAdminDSN string `json:"mongodb_admin_dsn,omitempty"`
	// Temporal is host:port of the frontend.
	Temporal string `json:"temporal"`
	// Namespace is the Temporal namespace registered for Docket.
	Namespace string `json:"namespace"`
	// TemporalUI is the URL of Temporal's web page; empty when Temporal is external and no page was named.
	TemporalUI string `json:"temporal_ui,omitempty"`
	// Objects is the S3 server.
	Objects ObjectsAddress `json:"objects"`
	// SMTP is host:port of the mail server.
	SMTP string `json:"smtp"`
	// Mail is the URL of the page and API with the caught mail; empty when SMTP is external.
	Mail string `json:"mail,omitempty"`
}

// ObjectsAddress is an S3 server with one bucket on it.
type ObjectsAddress struct {
	Endpoint  string `json:"endpoint"` // host:port
	Secure    bool   `json:"secure"`   // https
	AccessKey string `json:"access_key"`
	SecretKey string `json:"secret_key"`
	Bucket    string `json:"bucket"`
}

// ReadAddresses reads the addresses a stack wrote into its state folder. They stay there after the stack has ended;
// Running tells whether it still runs.
func ReadAddresses(dir string) (Addresses, error) {
	s, err := readState(dir)
	if err != nil {
		return Addresses{}, err
	}
	return s.Addresses, nil
}
