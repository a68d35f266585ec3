package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// Tenant is one controller with its keys open.
type Tenant struct {
	ID       uuid.UUID
	Slug     string
	Name     string
	Country  string
	Calendar string
	Zone     *time.Location
	Language string
	Regime   string
	Profile  Profile
	Settings Settings
	Keys     *seal.TenantKeys
	// Operates says that it is the processor itself, whose operators see every tenant.
	Operates bool
	// Purposes are what people are asked to agree to.
	Purposes []ConsentPurpose

	records  *seal.Key
	linkKeys []LinkKey
	wrapped  []byte // Keys as the register holds them
}

// Profile is what letters and pages say of the controller (Art. 13(1)(a) and (b) GDPR).
type Profile struct {
	Address      string `json:"address"`
	DPO          string `json:"dpo"`
	Contact      string `json:"contact"`
	Authority    string `json:"authority"`
	AuthorityURL string `json:"authority_url"`
}

// Settings are the tenant's choices where the law leaves one. Zero values mean the defaults of Defaults.
type Settings struct {
	// Ladder names the escalation ladder.
	Ladder string `json:"ladder"`
	// VerifyDays is how long an unproven request stays open; VerifyRemindDays when the person is reminded.
	VerifyDays       int `json:"verify_days"`
	VerifyRemindDays int `json:"verify_remind_days"`
	// PackageDays is how long a package can be fetched.
	PackageDays int `json:"package_days"`
	// AssertionKeys are the public keys (PEM) whose signed assertions prove identity.
	AssertionKeys []string `json:"assertion_keys,omitempty"`
	// SlackChannel gets the notices to staff; empty means none.
	SlackChannel string `json:"slack_channel,omitempty" maxLength:"80" pattern:"^(#?[a-z0-9_-]+|[CG][A-Z0-9]+)?$"`
	// PhoneCountry is the calling code (digits) that completes a national telephone number.
	PhoneCountry string `json:"phone_country,omitempty"`
	// Regimes are the laws, beside the tenant's own, under which people who live where they apply can ask.
	Regimes []string `json:"regimes,omitempty"`
	// Colour is the tenant's own on its public pages, as #rrggbb.
	Colour string `json:"colour,omitempty"`
	// SmallAgent doubles Brazilian periods (Res. CD/ANPD 2/2022).
	SmallAgent bool `json:"small_agent,omitempty"`
	// Retention are the retention rules that are switched on, by id: they keep records from erasure that they name.
	Retention []string `json:"retention,omitempty"`
	// Supervised says that the controller belongs to the firms for which a rule's amendment came later (BaFin-supervised ones, BEG IV).
	Supervised bool `json:"supervised,omitempty"`
	// YearEnd is the last day of the financial year as MM-DD; empty is 12-31.
	YearEnd string `json:"year_end,omitempty" pattern:"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"`
	// CaseMonths is how long a closed case is kept before the person in it is forgotten, where no law says how long.
	CaseMonths int `json:"case_months,omitempty" minimum:"0" maximum:"120"`
	// ErasureWaitDays is how long an approved erasure waits before it is carried out.
	ErasureWaitDays int `json:"erasure_wait_days,omitempty" minimum:"0" maximum:"14"`
	// LiftNoticeDays is how long before a limit ends the person is told (Art. 18(3) GDPR).
	LiftNoticeDays int `json:"lift_notice_days,omitempty" minimum:"0" maximum:"30" doc:"3 when absent."`
	// DRPBusinessID is the tenant's name in the network of the Data Rights Protocol; empty takes no requests by it.
	DRPBusinessID string `json:"drp_business_id,omitempty" maxLength:"64" pattern:"^([A-Za-z0-9][A-Za-z0-9_.-]*)?$" doc:"The tenant's id in the directory of the Data Rights Protocol. Without it no requests are taken by that protocol."`
	// GPCUpdated is the day of the tenant's statement that it abides by Global Privacy Control; empty makes none.
	GPCUpdated string `json:"gpc_updated,omitempty" pattern:"^([0-9]{4}-[0-9]{2}-[0-9]{2})?$" doc:"The day of the statement that the tenant's sites abide by Global Privacy Control (/.well-known/gpc.json). Without it there is none."`
	// Consents are the choices about consents and lawful mail.
	Consents ConsentSettings `json:"consents,omitzero"`
	// SecondFactor demands one of every member when it is "required".
	SecondFactor string `json:"second_factor,omitempty" doc:"required has every member give a second factor."`
}

// ConsentSettings are the tenant's choices about consents and lawful mail.
type ConsentSettings struct {
	// Canadian has CASL apply to every message, wherever it is read.
	Canadian bool `json:"canadian,omitempty" doc:"Canadian mode: CASL applies to every message, wherever it is read."`
	// Confirmation says of a law, by its id, whether express consent counts only once the mailbox has confirmed it (double opt-in).
	Confirmation map[string]bool `json:"confirmation,omitempty" doc:"By the id of a law (such as casl), whether express consent counts only once the mailbox has confirmed it. Where nothing is said, as the law's rule has it: on for eu-eprivacy."`
	// KeepIP keeps the address that a sign-up came from as evidence.
	KeepIP bool `json:"keep_ip,omitempty" doc:"Keep the network address of sign-ups as evidence; without it it is dropped."`
	// UnsubscribeMail is a mailbox of the tenant's that takes wishes to end messages, beside the links; empty names none.
	UnsubscribeMail string `json:"unsubscribe_mail,omitempty" maxLength:"254" doc:"A mailbox of yours in which you read wishes to unsubscribe: it stands in List-Unsubscribe beside the link. Nobody reads it for you."`
	// SignUps are how forms ask people for consent; without them there are no such forms.
	SignUps *SignUpSettings `json:"sign_ups,omitempty" doc:"How forms ask people for consent. Without it there are none."`
	// AskDays is how long before its end people are asked to agree expressly whose consent is implied; 0 asks nobody.
	AskDays int `json:"ask_days,omitempty" minimum:"0" maximum:"90" doc:"Days before the end of implied consent on which people are asked by e-mail to agree expressly, once: the question is itself a message that needs consent (CASL s.1(3)), so it comes while that holds. Nobody is asked when absent."`
	// WarningDays are how long before the end of implied consent somebody is told, the longest first.
	WarningDays []int `json:"warning_days,omitempty" maxItems:"6" doc:"Days before the end of implied consent on which staff are told; 90, 30 and 7 when absent."`
	// Receipts is what documents about consents for others say of the controller.
	Receipts ReceiptSettings `json:"receipts,omitzero"`
}

// ReceiptSettings are what consent records and receipts say of the controller that stands nowhere else. What is not said is left out of records, and there is no receipt
// without it.
type ReceiptSettings struct {
	PolicyURL   string `json:"policy_url,omitempty" maxLength:"500" doc:"The address of your privacy policy."`
	WithdrawURL string `json:"withdraw_url,omitempty" maxLength:"500" doc:"Where people end what they agreed to; your public request form when absent."`
	Contact     string `json:"contact,omitempty" maxLength:"200" doc:"A person or an office to turn to; the contact of the profile when absent."`
	Email       string `json:"email,omitempty" maxLength:"254" doc:"Your mailbox for questions; the contact of the profile where that is one."`
	Phone       string `json:"phone,omitempty" maxLength:"40"`
	URL         string `json:"url,omitempty" maxLength:"500" doc:"Your address on the web."`
	Service     string `json:"service,omitempty" maxLength:"200" doc:"The service that purposes belong to, where they say no other."`
	// Recipients are third parties that get the data; nil says that nobody has said, which is not the same as none.
	Recipients []ConsentRecipient `json:"recipients,omitzero" maxItems:"50" nullable:"false" doc:"Third parties that get the addresses. An empty list says that there are none; absent says that it is not known."`
	// Purposes say it of a purpose, by its key, where it differs.
	Purposes map[string]ReceiptPurpose `json:"purposes,omitempty" maxProperties:"200" doc:"By the key of a purpose, what is different for it."`
}

// ConsentRecipient is a third party that gets addresses of people who consent.
type ConsentRecipient struct {
	Name    string `json:"name" minLength:"1" maxLength:"200"`
	Contact string `json:"contact,omitempty" maxLength:"200"`
	Email   string `json:"email,omitempty" maxLength:"254"`
	URL     string `json:"url,omitempty" maxLength:"500"`
	Country string `json:"country,omitempty" pattern:"^[A-Z]{2}$"`
}

// ReceiptPurpose is what is different for a purpose.
type ReceiptPurpose struct {
	PolicyURL  string             `json:"policy_url,omitempty" maxLength:"500"`
	Service    string             `json:"service,omitempty" maxLength:"200"`
	Recipients []ConsentRecipient `json:"recipients,omitzero" maxItems:"50" nullable:"false"`
}

// Warnings are the days before the end of implied consent on which somebody is told, the longest first.
func (c ConsentSettings) Warnings() []int {
	if len(c.WarningDays) == 0 {
		return []int{90, 30, 7}
	}
	days := slices.Clone(c.WarningDays)
	slices.Sort(days)
	slices.Reverse(days)
	return days
}

// Looks are the days before the end of implied consent on which something is done, the longest first: somebody is told, or people are asked.
func (c ConsentSettings) Looks() []int {
	days := c.Warnings()
	if c.AskDays > 0 && !slices.Contains(days, c.AskDays) {
		days = append(days, c.AskDays)
		slices.Sort(days)
		slices.Reverse(days)
	}
	return days
}

// SignUpSettings are the tenant's choices about forms by which people sign up, and about having their mailboxes confirm it.
type SignUpSettings struct {
	// Purposes are the keys of those that forms may ask for.
	Purposes []string `json:"purposes" minItems:"1" maxItems:"20" doc:"The keys of the purposes that forms may ask for."`
	// ExpireDays is within how many days a mailbox has to confirm.
	ExpireDays int `json:"expire_days,omitempty" minimum:"0" maximum:"30" doc:"Days within which a mailbox has to confirm; 7 when absent."`
	// RemindDays is after how many days one that has not is asked again, once.
	RemindDays int  `json:"remind_days,omitempty" minimum:"0" maximum:"29" doc:"Days after which a mailbox that has not confirmed is asked once more; 2 when absent."`
	NoReminder bool `json:"no_reminder,omitempty" doc:"A mailbox that has not confirmed is not asked again."`
	NoWelcome  bool `json:"no_welcome,omitempty" doc:"Nothing is sent when a mailbox has confirmed: your own system does."`
	// Origins are the sites whose scripts may use the endpoint; a form without a script needs none.
	Origins []string `json:"origins,omitempty" maxItems:"20" doc:"Sites whose scripts may sign people up, such as https://www.example.com. A form without a script needs none of that."`
	// Thanks is the tenant's own page for who has sent the form.
	Thanks string `json:"thanks,omitempty" maxLength:"500" doc:"An https:// page of yours that comes after the form. The same for everybody, so that it tells nobody who is on a list."`
}

// Expires is within how many days a mailbox has to confirm.
func (s SignUpSettings) Expires() int {
	if s.ExpireDays == 0 {
		return 7
	}
	return s.ExpireDays
}

// Reminds is after how many days a mailbox is asked again; 0 for never.
func (s SignUpSettings) Reminds() int {
	switch {
	case s.NoReminder:
		return 0
	case s.RemindDays == 0:
		return min(2, s.Expires()-1)
	default:
		return s.RemindDays
	}
}

// SecondFactorRequired is the value of Settings.SecondFactor that demands one.
const SecondFactorRequired = "required"

// Defaults fills in what a tenant has not chosen.
func (s Settings) Defaults() Settings {
	if s.Ladder == "" {
		s.Ladder = "standard"
	}
	if s.VerifyDays == 0 {
		s.VerifyDays = 14
	}
	if s.VerifyRemindDays == 0 {
		s.VerifyRemindDays = 5
	}
	if s.PackageDays == 0 {
		s.PackageDays = 14
	}
	if s.CaseMonths == 0 {
		s.CaseMonths = 36
	}
	if s.LiftNoticeDays == 0 {
		s.LiftNoticeDays = 3
	}
	return s
}

// NewTenant is what a tenant is made of.
type NewTenant struct {
	Slug, Name, Country, Calendar, Zone, Language, Regime string
	Profile                                               Profile
	Settings                                              Settings
	// Operates can be said when the tenant is made, and never after.
	Operates bool
}

// CreateTenant adds a tenant with fresh keys, and the event that says so.
func (d *DB) CreateTenant(ctx context.Context, actor audit.Actor, n NewTenant) (uuid.UUID, error) {
	row, err := d.newTenantRow(n)
	if err != nil {
		return uuid.Nil, err
	}
	err = d.inTenant(ctx, pgx.TxOptions{}, row.ID, func(tx *Tx) error {
		if err := tx.q.InsertTenant(ctx, row); err != nil {
			return err
		}
		tx.actor, tx.now = actor, row.CreatedAt
		return tx.Audit(ctx, audit.Event{Action: audit.TenantCreated, Object: audit.Object{Kind: "tenant", ID: row.ID.String()}})
	})
	if err != nil {
		return uuid.Nil, fmt.Errorf("create the tenant %q: %w", n.Slug, err)
	}
	return row.ID, nil
}

func (d *DB) newTenantRow(n NewTenant) (db.InsertTenantParams, error) {
	id := newID()
	if _, err := time.LoadLocation(n.Zone); err != nil {
		return db.InsertTenantParams{}, fmt.Errorf("zone %q of tenant %q: %w", n.Zone, n.Slug, err)
	}
	wrapped, err := d.master.NewTenantKeys(id.String())
	if err != nil {
		return db.InsertTenantParams{}, fmt.Errorf("make the keys of tenant %q: %w", n.Slug, err)
	}
	keys, err := d.master.TenantKeys(wrapped, id.String())
	if err != nil {
		return db.InsertTenantParams{}, fmt.Errorf("open the keys of tenant %q: %w", n.Slug, err)
	}
	records, err := keys.NewSystemKey(recordsKeyID)
	if err != nil {
		return db.InsertTenantParams{}, fmt.Errorf("make the record key of tenant %q: %w", n.Slug, err)
	}
	profile, settings, err := encodeTenant(n.Profile, n.Settings)
	if err != nil {
		return db.InsertTenantParams{}, err
	}
	return db.InsertTenantParams{
		ID: id, Slug: n.Slug, Name: n.Name, Country: n.Country, Calendar: n.Calendar, Zone: n.Zone, Language: n.Language,
		Regime: n.Regime, Profile: profile, Settings: settings, WrappedKey: wrapped, RecordKey: records, CreatedAt: d.now(), Operates: n.Operates,
	}, nil
}

// recordsKeyID names the key that seals the tenant's own records: staff addresses and messages to staff.
const recordsKeyID = "tenant-records"

func encodeTenant(p Profile, s Settings) (profile, settings []byte, err error) {
	if profile, err = json.Marshal(p); err != nil {
		return nil, nil, fmt.Errorf("write the tenant's profile: %w", err)
	}
	if settings, err = json.Marshal(s); err != nil {
		return nil, nil, fmt.Errorf("write the tenant's settings: %w", err)
	}
	return profile, settings, nil
}

// TenantBySlug finds a tenant by its public name.
func (d *DB) TenantBySlug(ctx context.Context, slug string) (Tenant, error) {
	id, err := db.New(d.pool).TenantBySlug(ctx, slug)
	if err != nil {
		return Tenant{}, translate(err)
	}
	return d.tenant(ctx, id)
}

// TenantIDs lists every tenant, for work that goes through all of them.
func (d *DB) TenantIDs(ctx context.Context) ([]uuid.UUID, error) {
	ids, err := db.New(d.pool).TenantIDs(ctx)
	return ids, translate(err)
}

// Tenant opens a tenant by its id.
func (d *DB) Tenant(ctx context.Context, id uuid.UUID) (Tenant, error) { return d.tenant(ctx, id) }

func (d *DB) tenant(ctx context.Context, id uuid.UUID) (Tenant, error) {
	if id == uuid.Nil {
		return Tenant{}, fmt.Errorf("tenant: %w", ErrNotFound)
	}
	d.mu.Lock()
	cached, ok := d.keys[id]
	d.mu.Unlock()
	if ok && d.clock.Now().Before(cached.until) {
		return cached.tenant, nil
	}
	var row db.Tenant
	var purposes []ConsentPurpose
	var links []db.ConsentLinkKeysRow
	err := d.inTenant(ctx, pgx.TxOptions{AccessMode: pgx.ReadOnly}, id, func(tx *Tx) error {
		return tx.Together(ctx,
			func(tx *Tx) (err error) { row, err = tx.q.TenantByID(ctx, id); return err },
			func(tx *Tx) (err error) { purposes, err = tx.q.ConsentPurposes(ctx, id); return err },
			func(tx *Tx) (err error) { links, err = tx.q.ConsentLinkKeys(ctx, id); return err },
		)
	})
	if err != nil {
		return Tenant{}, fmt.Errorf("tenant: %w", err)
	}
	tenant, err := d.openTenant(row)
	if err != nil {
		return Tenant{}, err
	}
	tenant.Purposes = purposes
	if tenant.linkKeys, err = tenant.openLinkKeys(links); err != nil {
		return Tenant{}, fmt.Errorf("tenant %q: %w", row.Slug, err)
	}
	d.mu.Lock()
	d.keys[id] = cachedTenant{tenant: tenant, until: d.clock.Now().Add(tenantCacheTime)}
	d.mu.Unlock()
	return tenant, nil
}

func (d *DB) openTenant(row db.Tenant) (Tenant, error) {
	t := Tenant{
		ID: row.ID, Slug: row.Slug, Name: row.Name, Country: row.Country, Calendar: row.Calendar,
		Language: row.Language, Regime: row.Regime, Operates: row.Operates, wrapped: row.WrappedKey,
	}
	var err error
	if t.Zone, err = time.LoadLocation(row.Zone); err != nil {
		return Tenant{}, fmt.Errorf("zone of tenant %q: %w", row.Slug, err)
	}
	if err = json.Unmarshal(row.Profile, &t.Profile); err != nil {
		return Tenant{}, fmt.Errorf("profile of tenant %q: %w", row.Slug, err)
	}
	if err = json.Unmarshal(row.Settings, &t.Settings); err != nil {
		return Tenant{}, fmt.Errorf("settings of tenant %q: %w", row.Slug, err)
	}
	t.Settings = t.Settings.Defaults()
	if t.Keys, err = d.master.TenantKeys(row.WrappedKey, row.ID.String()); err != nil {
		return Tenant{}, fmt.Errorf("keys of tenant %q: %w", row.Slug, err)
	}
	if t.records, err = t.Keys.SystemKey(row.RecordKey, recordsKeyID); err != nil {
		return Tenant{}, fmt.Errorf("record key of tenant %q: %w", row.Slug, err)
	}
	return t, nil
}

// LockTenant reads the tenant as it stands, and holds it until the transaction ends.
func (t *Tx) LockTenant(ctx context.Context) (Tenant, error) {
	if _, err := t.q.LockTenantKeys(ctx, t.tenant.ID); err != nil {
		return Tenant{}, fmt.Errorf("hold the tenant: %w", err)
	}
	row, err := t.q.TenantByID(ctx, t.tenant.ID)
	if err != nil {
		return Tenant{}, fmt.Errorf("tenant: %w", err)
	}
	return t.db.openTenant(row)
}

// UpdateTenant changes what the tenant says of itself and has chosen.
func (t *Tx) UpdateTenant(ctx context.Context, n NewTenant) error {
	profile, settings, err := encodeTenant(n.Profile, n.Settings)
	if err != nil {
		return err
	}
	return one(t.q.UpdateTenant(ctx, db.UpdateTenantParams{
		ID: t.tenant.ID, Name: n.Name, Country: n.Country, Calendar: n.Calendar, Zone: n.Zone, Language: n.Language,
		Regime: n.Regime, Profile: profile, Settings: settings,
	}))
}
