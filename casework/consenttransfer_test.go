package casework_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jonboulle/clockwork"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/casework/casetest"
	"github.com/privacy-docket/docket/casework/consentcsv"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/storage/storagetest"
)

// sale is a business that is sold: its tenant, and that of the buyer, whose calendar is another.
type sale struct {
	*casetest.World
	t      testing.TB
	clock  *clockwork.FakeClock
	buyer  uuid.UUID
	signer *audit.Signer
	key    string
}

func newSale(t testing.TB) *sale {
	t.Helper()
	clock := clockwork.NewFakeClockAt(time.Date(2026, time.May, 20, 9, 0, 0, 0, time.UTC))
	toronto := func(n *storage.NewTenant) { n.Country, n.Zone, n.Calendar = "CA", "America/Toronto", "CA-FED" }
	s := &sale{World: casetest.New(t, clock, toronto), t: t, clock: clock}
	s.buyer = storagetest.Tenant(t, s.DB, toronto, func(n *storage.NewTenant) { n.Zone = "Europe/Berlin" })
	secret, err := audit.NewSigningSecret(rand.Reader)
	require.NoError(t, err)
	s.signer, err = audit.NewSigner("docket.test", secret)
	require.NoError(t, err)
	s.key, err = s.signer.VerifierKey(s.Tenant.String())
	require.NoError(t, err)
	for tenant, purposes := range map[uuid.UUID][]string{s.Tenant: {"news", "offers"}, s.buyer: {"letter", "offers"}} {
		for _, key := range purposes {
			s.in(tenant, func(ctx context.Context, tx *storage.Tx) error {
				_, err := s.Desk.PutPurpose(ctx, tx, storage.NewConsentPurpose{Key: key, Class: "commercial", Similar: true})
				return err
			})
		}
		s.DB.ForgetTenant(tenant)
	}
	return s
}

func (s *sale) in(tenant uuid.UUID, do func(context.Context, *storage.Tx) error) {
	s.t.Helper()
	require.NoError(s.t, s.DB.Change(s.t.Context(), tenant, casework.System("test"), do))
}

func (s *sale) happened(news ...casework.NewConsent) {
	s.t.Helper()
	s.in(s.Tenant, func(ctx context.Context, tx *storage.Tx) error {
		_, err := s.Desk.RecordConsents(ctx, tx, news)
		return err
	})
}

func of(address, country string, kind consent.Kind, relation privacy.ConsentEvent, day string) casework.NewConsent {
	at, _ := time.Parse(time.DateOnly, day)
	return casework.NewConsent{
		Address: storage.ConsentAddress{Kind: storage.AddressEmail, Value: address, Country: country}, Purpose: "news", Channel: privacy.ByEmail, Kind: kind, Relation: relation, At: at.Add(2 * time.Hour), How: "form",
		Source: "shop",
	}
}

// exported is the file that the buyer gets.
func (s *sale) exported(since time.Time) string {
	s.t.Helper()
	var file bytes.Buffer
	order := casework.ConsentSale{Buyer: "Buyer Ltd", Reference: "K-17", Day: privacy.NewDate(2026, 6, 1), Since: since}
	err := s.Desk.TransferConsents(s.t.Context(), s.Tenant, casework.System("test"), order, s.signer, func(line []byte) error {
		_, err := file.Write(line)
		return err
	})
	require.NoError(s.t, err)
	return file.String()
}

// takenOver imports a file at the buyer's, and gives what came of it.
func (s *sale) takenOver(file string, m consentcsv.TransferMapping) (storage.ConsentImport, error) {
	s.t.Helper()
	if m.Verifier == "" {
		m.Verifier = s.key
	}
	if m.Purposes == nil {
		m.Purposes = map[string]string{"news": "letter"}
	}
	var id uuid.UUID
	s.in(s.buyer, func(ctx context.Context, tx *storage.Tx) (err error) {
		id, err = s.Desk.NewConsentImport(ctx, tx, "Old shop", consentcsv.Mapping{Address: "address", Purpose: "*", Transfer: &m})
		return err
	})
	ctx := s.t.Context()
	require.NoError(s.t, s.Desk.AddImportPart(ctx, s.buyer, id, 1, []byte(file)))
	sum := sha256.Sum256([]byte(file))
	size, err := s.Desk.CheckConsentImport(ctx, s.buyer, id, 1, sum[:])
	require.NoError(s.t, err)
	s.in(s.buyer, func(ctx context.Context, tx *storage.Tx) error {
		return tx.CheckConsentImport(ctx, id, 1, size, sum[:])
	})
	require.NoError(s.t, s.Desk.ImportConsents(ctx, s.buyer, id, storage.ImportCheck))
	if i := s.imported(id); i.State != storage.ImportChecked {
		return i, errors.New(*i.Problem)
	}
	err = s.DB.Change(ctx, s.buyer, casework.System("test"), func(ctx context.Context, tx *storage.Tx) error {
		return s.Desk.RunConsentImport(ctx, tx, id, true, false)
	})
	if err != nil {
		return s.imported(id), err
	}
	err = s.DB.Change(ctx, s.buyer, casework.System("test"), func(ctx context.Context, tx *storage.Tx) error { return s.Desk.StopConsentImport(ctx, tx, id) })
	require.ErrorContains(s.t, err, "comes as a whole", "it can't be stopped halfway")
	require.NoError(s.t, s.Desk.ImportConsents(ctx, s.buyer, id, storage.ImportRun))
	return s.imported(id), nil
}

func (s *sale) imported(id uuid.UUID) (i storage.ConsentImport) {
	s.t.Helper()
	s.in(s.buyer, func(ctx context.Context, tx *storage.Tx) (err error) {
		i, err = tx.ConsentImport(ctx, id)
		return err
	})
	return i
}

// decided is what is decided about an address on a day at a tenant's.
func (s *sale) decided(tenant uuid.UUID, purpose, address string, day privacy.Date) (out casework.MessageAnswer) {
	s.t.Helper()
	require.NoError(s.t, s.DB.Read(s.t.Context(), tenant, func(ctx context.Context, tx *storage.Tx) error {
		all, err := s.Desk.MayMessage(ctx, tx, casework.MessageQuestion{Purpose: purpose, Channel: privacy.ByEmail, Day: day, Relevant: true}, []string{address})
		if err == nil {
			out = all[0]
		}
		return err
	}))
	return out
}

var everybody = consentcsv.TransferMapping{Express: []string{consentcsv.Everybody}, Implied: []string{consentcsv.Everybody}}

// Whatever stands in the seller's ledger: where all of it goes over, every day is decided at the buyer's as at the seller's, windows and all.
func TestATransferKeepsEveryDecisionOnEveryDay(t *testing.T) {
	t.Parallel()
	s := newSale(t)
	round := 0
	rapid.Check(t, func(r *rapid.T) {
		s.clock.Advance(10 * time.Minute)
		since := s.clock.Now()
		round++
		var addresses []string
		for p := range rapid.IntRange(1, 4).Draw(r, "people") {
			address := fmt.Sprintf("p%d-%d@person.example", round, p)
			addresses = append(addresses, address)
			country := rapid.SampledFrom([]string{"", "CA", "DE", "US", "AU", "GB"}).Draw(r, "country")
			for range rapid.IntRange(1, 6).Draw(r, "events") {
				s.happened(drawnNews(r, address, country))
			}
		}
		m := everybody
		m.Verifier = s.key
		_, err := s.takenOver(s.exported(since), m)
		require.NoError(r, err)
		for _, address := range addresses {
			day := privacy.NewDate(2026, 5, 20)
			for range 30 {
				here, there := s.decided(s.Tenant, "news", address, day), s.decided(s.buyer, "letter", address, day)
				require.Equal(r, here, there, "%s on %s", address, day)
				day = day.AddDays(rapid.IntRange(1, 40).Draw(r, "days"))
			}
		}
	})
}

func drawnNews(r *rapid.T, address, country string) casework.NewConsent {
	n := of(address, country, rapid.SampledFrom(consent.Kinds()).Draw(r, "kind"), "", rapid.SampledFrom([]string{"2024-02-29", "2024-08-31", "2025-11-30", "2026-02-28", "2026-05-01"}).Draw(r, "day"))
	if n.Kind.Relates() {
		n.Relation, n.Refusable = rapid.SampledFrom([]privacy.ConsentEvent{"purchase", "contract", "membership", "inquiry"}).Draw(r, "relation"), rapid.Bool().Draw(r, "refusable")
	}
	n.NoSolicitation = (n.Kind == consent.Published || n.Kind == consent.Disclosed) && rapid.Bool().Draw(r, "no solicitation")
	if n.Kind == consent.Withdrawn && rapid.Bool().Draw(r, "everything") {
		n.Purpose = casework.EveryPurpose
	}
	return n
}

// CASL s.10(12): business relationships of people in Canada go over, and run on from the days on which they began; what people said to the seller alone does not. Whoever
// has withdrawn, objected or was erased stays so.
func TestWhatGoesOverWithABusiness(t *testing.T) {
	t.Parallel()
	s := newSale(t)
	s.happened(
		of("bought@person.example", "CA", consent.Refreshed, "purchase", "2025-05-01"), of("member@person.example", "CA", consent.Began, "membership", "2025-05-01"),
		of("german@person.example", "DE", consent.Refreshed, "purchase", "2026-05-01"), of("yes@person.example", "CA", consent.Confirmed, "", "2026-05-01"),
		of("left@person.example", "CA", consent.Refreshed, "purchase", "2026-04-01"), of("left@person.example", "CA", consent.Withdrawn, "", "2026-05-01"),
		of("erased@person.example", "CA", consent.Refreshed, "purchase", "2026-05-01"),
	)
	s.in(s.Tenant, func(ctx context.Context, tx *storage.Tx) error {
		return tx.Suppress(ctx, storage.Person{Email: "erased@person.example"}, storage.SuppressAll, storage.SuppressedErased, nil)
	})
	file := s.exported(time.Time{})
	done, err := s.takenOver(file, consentcsv.TransferMapping{Verifier: s.key})
	require.NoError(t, err)
	require.Equal(t, storage.ImportDone, done.State)
	today := privacy.NewDate(2026, 5, 20)
	for address, want := range map[string]consent.Reason{
		"bought@person.example": "implied", "member@person.example": "no_consent", "german@person.example": "no_consent", "yes@person.example": "no_consent",
		"left@person.example": "withdrawn", "erased@person.example": "withdrawn",
	} {
		require.Equal(t, want, s.decided(s.buyer, "letter", address, today).Reason, address)
	}
	require.Equal(t, privacy.NewDate(2027, 4, 30), s.decided(s.buyer, "letter", "bought@person.example", today).Until, "as at the seller's")
	require.Equal(t, s.decided(s.Tenant, "news", "bought@person.example", today).Until, s.decided(s.buyer, "letter", "bought@person.example", today).Until)
	s.in(s.buyer, func(ctx context.Context, tx *storage.Tx) error {
		h, err := tx.ConsentHistory(ctx, storage.ConsentAddress{Kind: storage.AddressEmail, Value: "bought@person.example"})
		require.NoError(t, err)
		require.Len(t, h.Lines, 1)
		require.Contains(t, h.Lines[0].Source, ", K-17")
		require.Equal(t, "shop", h.Lines[0].Evidence.Fields["seller_source"])
		require.Len(t, h.Lines[0].Evidence.Fields["seller_hash"], 64)
		return nil
	})
	_, err = s.takenOver(file, consentcsv.TransferMapping{Verifier: s.key})
	require.ErrorContains(t, err, "imported before")
}

// rewritten is a file of which somebody has altered a word, and the hash and the count of the last line with it.
func (s *sale) rewritten(file, was, now string) string {
	s.t.Helper()
	lines := strings.SplitAfter(strings.Replace(file, was, now, 1), "\n")
	last := len(lines) - 2 // behind the last line break there is nothing
	var end struct {
		End consentcsv.TransferEnd `json:"end"`
	}
	require.NoError(s.t, json.Unmarshal([]byte(lines[last]), &end))
	sum := sha256.Sum256([]byte(strings.Join(lines[:last], "")))
	end.End.SHA256 = hex.EncodeToString(sum[:])
	line, err := consentcsv.MarshalTransfer(end.End)
	require.NoError(s.t, err)
	return strings.Join(lines[:last], "") + string(line)
}

// A file that is not what the seller wrote is not taken over at all: what is missing may be who has withdrawn.
func TestATransferIsTakenWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	s := newSale(t)
	s.happened(of("a@person.example", "CA", consent.Confirmed, "", "2026-05-01"), of("b@person.example", "CA", consent.Withdrawn, "", "2026-05-01"))
	file := s.exported(time.Time{})
	lines := strings.SplitAfter(file, "\n")[:4]
	require.Equal(t, 4, strings.Count(file, "\n"), "the head, two lines and the end")
	secret, err := audit.NewSigningSecret(rand.Reader)
	require.NoError(t, err)
	stranger, err := audit.NewSigner("docket.test", secret)
	require.NoError(t, err)
	other, err := stranger.VerifierKey(s.Tenant.String())
	require.NoError(t, err)
	for name, c := range map[string]struct {
		file string
		m    consentcsv.TransferMapping
		want string
	}{
		"without the end":   {lines[0] + lines[1] + lines[2], everybody, "the last line is missing"},
		"without a line":    {lines[0] + lines[1] + lines[3], everybody, "not what its last line says"},
		"altered":           {strings.Replace(file, `"withdrawn"`, `"confirmed"`, 1), everybody, "not what its last line says"},
		"cut":               {file[:len(file)/2], everybody, "breaks off"},
		"more behind":       {file + lines[1], everybody, "behind the last line"},
		"written anew":      {s.rewritten(file, `"withdrawn"`, `"confirmed"`), everybody, "the signature is not the seller's"},
		"of a stranger":     {file, consentcsv.TransferMapping{Verifier: other}, "the signature is not the seller's"},
		"another format":    {"Email,Status\n", everybody, "none of a transfer"},
		"a later version":   {strings.Replace(file, `"version":1`, `"version":2`, 1), everybody, "version 1"},
		"a purpose unknown": {file, consentcsv.TransferMapping{Purposes: map[string]string{"news": "none"}, Express: []string{"*"}}, "comes as a whole"},
	} {
		_, err := s.takenOver(c.file, c.m)
		require.ErrorContains(t, err, c.want, name)
	}
	s.in(s.buyer, func(ctx context.Context, tx *storage.Tx) error {
		_, err := tx.ConsentHistory(ctx, storage.ConsentAddress{Kind: storage.AddressEmail, Value: "b@person.example"})
		require.ErrorIs(t, err, storage.ErrNotFound, "nothing of any of them was written")
		return nil
	})
}
