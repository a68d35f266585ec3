package casework_test

import (
	"context"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/casework/casetest"
	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/storage/storagetest"
	"github.com/privacy-docket/docket/workflows/contract"
)

// codeLine finds a one-time code in a letter.
var codeLine = regexp.MustCompile(`\b\d{3} ?\d{3}\b`)

// code reads the six digits out of the newest letter of the kind.
func (f *file) code(kind notify.Kind) string {
	f.t.Helper()
	found := codeLine.FindString(f.last(kind).Rendered.Text)
	require.NotEmpty(f.t, found)
	return strings.ReplaceAll(found, " ", "")
}

// wrong is a code that is not the one.
func wrong(code string) string {
	return string('0'+(code[0]-'0'+1)%10) + code[1:]
}

func (f *file) answer(code string) error {
	_, err := f.desk.AnswerIdentityCode(f.t.Context(), f.ref, code)
	return err
}

// The right code proves identity once, spaces or not, and tells the workflow.
func TestRightCode(t *testing.T) {
	t.Parallel()
	f := newBundle(t).at(privacy.RequestVerifying)
	code := f.code(notify.KindOneTimeCode)
	signal, err := f.desk.AnswerIdentityCode(t.Context(), f.ref, " "+code[:3]+" "+code[3:]+" ")
	require.NoError(t, err)
	require.Equal(t, contract.SignalFacts, signal.Name)
	row := f.row()
	require.Equal(t, "proven", row.Identity)
	require.Equal(t, "email_code", *row.IdentityMethod)
	require.Equal(t, storage.ObligationOpen, f.standing()[privacy.Respond])
	require.Contains(t, f.actions(), "identity.proven")
	f.requireUnchanged(func() { require.ErrorIs(t, f.answer(code), casework.ErrCodeDead, "a code is good for once") })
	f.must(contract.ConfirmIdentity, f.withNote("called back on the number we know"))
	require.Equal(t, "collecting", f.row().State)
}

// 11 CCR 7062: specific pieces need three matching points and a declaration. The code proves the mailbox, staff do the
// rest, and the request does not lapse over it.
func TestCodeAloneIsNotEnoughUnderTheCCPA(t *testing.T) {
	t.Parallel()
	f := newBundle(t, func(n *storage.NewTenant) {
		n.Country, n.Calendar, n.Zone, n.Regime, n.Language = "US", "US-FED", "America/Los_Angeles", "ccpa", "en"
	}).at(privacy.RequestVerifying)
	require.NoError(t, f.answer(f.code(notify.KindOneTimeCode)))
	require.Equal(t, "checking", f.row().Identity)
	require.Contains(t, f.actions(), "identity.mailbox_proven")
	require.NotContains(t, f.actions(), "identity.proven")
	_, err := f.do(casetest.Command(contract.LapseIdentity))
	require.Error(t, err)
	_, err = f.do(casetest.Command(contract.ConfirmIdentity))
	require.ErrorContains(t, err, "write a note")
	f.must(contract.ConfirmIdentity, f.withNote("address, order number and last four digits match; declaration on file"))
	require.Equal(t, "staff_check", *f.row().IdentityMethod)
	require.Equal(t, "collecting", f.row().State)
}

// Five wrong codes end the code, and every try is on record; then even the right one is dead.
func TestWrongCodes(t *testing.T) {
	t.Parallel()
	f := newBundle(t).at(privacy.RequestVerifying)
	code := f.code(notify.KindOneTimeCode)
	for range 4 {
		require.ErrorIs(t, f.answer(wrong(code)), casework.ErrCodeWrong)
	}
	require.ErrorIs(t, f.answer(wrong(code)), casework.ErrCodeDead)
	f.requireUnchanged(func() { require.ErrorIs(t, f.answer(code), casework.ErrCodeDead) })
	require.Equal(t, "unproven", f.row().Identity)
	tries := 0
	for _, action := range f.actions() {
		if action == "identity.code_wrong" {
			tries++
		}
	}
	require.Equal(t, 5, tries)
}

// What is no code costs no try, so that nobody loses a code to a form sent too early, and a code may be typed in groups.
func TestNoCodeCostsNothing(t *testing.T) {
	t.Parallel()
	f := newBundle(t).at(privacy.RequestVerifying)
	code := f.code(notify.KindOneTimeCode)
	f.requireUnchanged(func() {
		for _, typed := range []string{"", " ", "12345", "1234567", "abcdef", "AR-1234", "١٢٣٤٥٦", "123456\x00", strings.Repeat("1", 1000)} {
			require.ErrorIs(t, f.answer(typed), casework.ErrCodeForm, "%q", typed)
		}
	})
	require.ErrorIs(t, f.answer(wrong(code)), casework.ErrCodeWrong)
	require.NoError(t, f.answer("\u00a0"+code[:3]+" - "+code[3:]+"\u200b\n"))
	f.requireUnchanged(func() { require.ErrorIs(t, f.answer(""), casework.ErrCodeDead, "it has been used") })
}

// A code lives ten minutes.
func TestExpiredCode(t *testing.T) {
	t.Parallel()
	f := newBundle(t).at(privacy.RequestVerifying)
	code := f.code(notify.KindOneTimeCode)
	f.Clock.Advance(10 * time.Minute)
	require.ErrorIs(t, f.answer(code), casework.ErrCodeDead)
	f.requireUnchanged(func() { require.ErrorIs(t, f.answer(code), casework.ErrCodeDead) })
}

// A new code ends the one before; asking is limited to one in thirty seconds and five in an hour.
func TestResendLimits(t *testing.T) {
	t.Parallel()
	f := newBundle(t).at(privacy.RequestVerifying)
	ask := func() error { return f.desk.SendCode(t.Context(), f.ref, storagetest.Actor(), storage.CodeForIdentity) }
	first := f.code(notify.KindOneTimeCode)
	f.Clock.Advance(30*time.Second - time.Microsecond)
	f.requireUnchanged(func() { require.ErrorIs(t, ask(), casework.ErrTooManyCodes) })
	f.Clock.Advance(time.Microsecond)
	require.NoError(t, ask())
	require.Error(t, f.answer(first), "the code before is dead")
	for range 3 {
		f.Clock.Advance(time.Minute)
		require.NoError(t, ask())
	}
	f.Clock.Advance(time.Minute)
	f.requireUnchanged(func() { require.ErrorIs(t, ask(), casework.ErrTooManyCodes, "five in the hour") })
	f.Clock.Advance(time.Hour)
	require.NoError(t, ask())
	require.NoError(t, f.answer(f.code(notify.KindOneTimeCode)))
}

// A code for identity is for a case that waits for it.
func TestNoCodeOutsideVerifying(t *testing.T) {
	t.Parallel()
	f := newBundle(t).at(privacy.RequestCollecting)
	f.requireUnchanged(func() {
		requireRefused(t, f.desk.SendCode(t.Context(), f.ref, storagetest.Actor(), storage.CodeForIdentity), "state")
	})
}

// token reads the download link's token out of the newest letter of the kind.
func (f *file) token(kind notify.Kind) string {
	f.t.Helper()
	found := regexp.MustCompile(`/download/([\w-]{43})`).FindStringSubmatch(f.last(kind).Rendered.Text)
	require.Len(f.t, found, 2)
	return found[1]
}

// begin asks for a code and begins the download with it.
func (f *file) download(token string) (*casework.Download, error) {
	f.t.Helper()
	require.NoError(f.t, f.desk.SendCode(f.t.Context(), f.ref, storagetest.Actor(), storage.CodeForDownload))
	f.Clock.Advance(time.Minute)
	return f.desk.BeginDownload(f.t.Context(), f.tenant, token, f.code(notify.KindDownloadCode))
}

// A download link gives the package once.
func TestDownloadOnce(t *testing.T) {
	t.Parallel()
	f := newBundle(t).at(privacy.RequestClosed)
	token := f.token(notify.KindPackageReady)
	ref, err := f.desk.DownloadCase(t.Context(), f.tenant, token)
	require.NoError(t, err)
	require.Equal(t, f.ref, ref)
	d, err := f.download(token)
	require.NoError(t, err)
	body, err := io.ReadAll(d.Body)
	require.NoError(t, err)
	require.NoError(t, d.Body.Close())
	require.Equal(t, "the answer", string(body))
	require.Equal(t, f.opened.Reference, d.Reference)
	require.NoError(t, d.Finish(t.Context(), int64(len(body)), true))

	_, err = f.download(token)
	require.ErrorIs(t, err, casework.ErrLinkDead)
	_, err = f.desk.DownloadCase(t.Context(), f.tenant, token)
	require.ErrorIs(t, err, casework.ErrLinkDead)
	f.read(func(ctx context.Context, tx *storage.Tx) error {
		receipts, err := tx.Receipts(ctx, f.ref.Case)
		require.Len(t, receipts, 1)
		require.True(t, receipts[0].Complete)
		return err
	})
	require.Contains(t, f.actions(), "package.downloaded")
}

// A download that breaks off, its call being over, leaves the link good for another; a newer link leaves it dead.
func TestBrokenDownload(t *testing.T) {
	t.Parallel()
	f := newBundle(t).at(privacy.RequestClosed)
	token := f.token(notify.KindPackageReady)
	d, err := f.download(token)
	require.NoError(t, err)
	require.NoError(t, d.Body.Close())
	_, err = f.desk.DownloadCase(t.Context(), f.tenant, token)
	require.ErrorIs(t, err, casework.ErrLinkDead, "while it is under way")
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	require.NoError(t, d.Finish(gone, 3, false))

	again, err := f.download(token)
	require.NoError(t, err)
	require.NoError(t, again.Body.Close())
	f.Clock.Advance(time.Second)
	require.NoError(t, f.resend())
	require.NoError(t, again.Finish(t.Context(), 3, false))
	_, err = f.desk.DownloadCase(t.Context(), f.tenant, token)
	require.ErrorIs(t, err, casework.ErrLinkDead, "replaced meanwhile")
	_, err = f.desk.DownloadCase(t.Context(), f.tenant, f.token(notify.KindPackageResent))
	require.NoError(t, err)
}

// A download whose server died has no end on record. It is given up when no server can still be sending it, and its link
// works again.
func TestDownloadOfADeadServerIsGivenUp(t *testing.T) {
	t.Parallel()
	f := newBundle(t).at(privacy.RequestClosed)
	token := f.token(notify.KindPackageReady)
	d, err := f.download(token)
	require.NoError(t, err)
	require.NoError(t, d.Body.Close())
	f.Clock.Advance(15 * time.Minute)
	require.NoError(t, f.desk.GiveUpDownloads(t.Context(), f.tenant))
	_, err = f.desk.DownloadCase(t.Context(), f.tenant, token)
	require.ErrorIs(t, err, casework.ErrLinkDead, "it may still be under way")
	f.Clock.Advance(6 * time.Minute)
	require.NoError(t, f.desk.GiveUpDownloads(t.Context(), f.tenant))
	f.requireUnchanged(func() { require.NoError(t, f.desk.GiveUpDownloads(t.Context(), f.tenant)) })
	again, err := f.download(token)
	require.NoError(t, err)
	require.NoError(t, again.Body.Close())
	require.NoError(t, again.Finish(t.Context(), 10, true))
	f.read(func(ctx context.Context, tx *storage.Tx) error {
		receipts, err := tx.Receipts(ctx, f.ref.Case)
		require.Len(t, receipts, 2)
		require.NotNil(t, receipts[0].EndedAt)
		require.False(t, receipts[0].Complete)
		require.True(t, receipts[1].Complete)
		return err
	})
}

// A wrong code costs a try and keeps the link; a dead link costs nothing.
func TestDownloadRefuses(t *testing.T) {
	t.Parallel()
	f := newBundle(t).at(privacy.RequestClosed)
	token := f.token(notify.KindPackageReady)
	require.NoError(t, f.desk.SendCode(t.Context(), f.ref, storagetest.Actor(), storage.CodeForDownload))
	code := f.code(notify.KindDownloadCode)
	_, err := f.desk.BeginDownload(t.Context(), f.tenant, token, wrong(code))
	require.ErrorIs(t, err, casework.ErrCodeWrong)
	f.requireUnchanged(func() {
		_, err := f.desk.BeginDownload(t.Context(), f.tenant, "unknown", code)
		require.ErrorIs(t, err, casework.ErrLinkDead)
		_, err = f.desk.BeginDownload(t.Context(), storagetest.Tenant(t, f.DB), token, code)
		require.ErrorIs(t, err, casework.ErrLinkDead, "another tenant's")
	})
	f.Clock.Advance(14 * day)
	_, err = f.desk.DownloadCase(t.Context(), f.tenant, token)
	require.ErrorIs(t, err, casework.ErrLinkDead, "past its time")
}

// A destroyed package is gone for good: its link is dead, its key is nowhere, and who never fetched it is told.
func TestDestruction(t *testing.T) {
	t.Parallel()
	f := newBundle(t).at(privacy.RequestClosed)
	token := f.token(notify.KindPackageReady)
	view, err := f.desk.View(t.Context(), f.ref)
	require.NoError(t, err)
	pkg, err := f.desk.IntendDestruction(t.Context(), *view.Package)
	require.NoError(t, err)
	require.Equal(t, storage.PackageReady, pkg.State, "an intent destroys nothing")
	require.NoError(t, f.desk.Destroyed(t.Context(), *view.Package))
	f.requireUnchanged(func() {
		require.NoError(t, f.desk.Destroyed(t.Context(), *view.Package))
		_, err := f.desk.IntendDestruction(t.Context(), *view.Package)
		require.NoError(t, err)
	})
	_, err = f.desk.DownloadCase(t.Context(), f.tenant, token)
	require.ErrorIs(t, err, casework.ErrLinkDead)
	require.ErrorIs(t, f.resend(), casework.ErrNoPackage)
	require.Contains(t, f.kinds(), "package_expired")
}
