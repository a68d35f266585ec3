package casework

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"math/big"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// What a one-time code is held to. Six digits and five tries leave a guesser one chance in 200,000.
const (
	codeDigits   = 6
	codeTries    = 5
	codeLife     = 10 * time.Minute
	codesPerHour = 5
	codeGap      = 30 * time.Second
)

var (
	// ErrCodeWrong says that the code is not the one that was sent; there are tries left.
	ErrCodeWrong = errors.New("the code is not right")
	// ErrCodeForm says that what was entered is no code at all: nothing was counted.
	ErrCodeForm = errors.New("enter the six digits of the code")
	// ErrCodeDead says that there is no code to answer: it was used, replaced, has expired or was tried too often.
	ErrCodeDead = errors.New("the code does not work any more; ask for a new one")
	// ErrTooManyCodes says that codes were asked for too quickly.
	ErrTooManyCodes = errors.New("too many codes were asked for; wait a while before asking for another")
)

// SendCode mails a fresh one-time code and ends the one before. Asking too often is ErrTooManyCodes.
func (d *Desk) SendCode(ctx context.Context, ref contract.Ref, actor audit.Actor, purpose string) error {
	return d.change(ctx, ref, actor, func(ctx context.Context, f *file) error {
		if purpose == storage.CodeForIdentity && f.row.State != string(privacy.RequestVerifying) {
			return &privacy.TransitionError{From: privacy.RequestState(f.row.State), Event: privacy.EventIdentityProven}
		}
		if err := f.mayAsk(ctx, purpose); err != nil {
			return err
		}
		return f.sendCode(ctx, purpose)
	})
}

// mayAsk keeps a stranger from filling somebody's mailbox.
func (f *file) mayAsk(ctx context.Context, purpose string) error {
	limits := []struct {
		within time.Duration
		most   int64
	}{{codeGap, 1}, {time.Hour, codesPerHour}}
	for _, limit := range limits {
		sent, err := f.tx.CodesSince(ctx, f.row.ID, purpose, f.tx.Now().Add(-limit.within), f.tx.Now().Add(codeLife))
		if err != nil {
			return fmt.Errorf("count codes: %w", err)
		}
		if sent >= limit.most {
			return ErrTooManyCodes
		}
	}
	return nil
}

func (f *file) sendCode(ctx context.Context, purpose string) error {
	code, err := newCode()
	if err != nil {
		return err
	}
	hash, err := codeHash(f.tx.Tenant().Keys, f.row.ID, purpose, code)
	if err != nil {
		return err
	}
	id, err := f.tx.NewCode(ctx, f.row.ID, purpose, hash, codeTries, codeLife)
	if err != nil {
		return err
	}
	frame, err := f.frame(ctx)
	if err != nil {
		return err
	}
	minutes := int(codeLife / time.Minute)
	switch purpose {
	case storage.CodeForDownload:
		return f.write(ctx, "code/"+id.String(), &notify.DownloadCode{Frame: frame, Code: code, Minutes: minutes})
	case storage.CodeForConversation:
		return f.write(ctx, "code/"+id.String(), &notify.MessageCode{Frame: frame, Code: code, Minutes: minutes})
	}
	link, err := f.statusLink(ctx)
	if err != nil {
		return err
	}
	return f.write(ctx, "code/"+id.String(), &notify.OneTimeCode{Frame: frame, Code: code, Minutes: minutes, Link: link})
}

func newCode() (string, error) {
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		return "", fmt.Errorf("make a code: %w", err)
	}
	return fmt.Sprintf("%0*d", codeDigits, n), nil
}

// indexCode keeps the hashes of codes apart from every blind index.
const indexCode seal.IndexKind = "one_time_code"

// codeHash is a keyed hash: with six digits a plain one would be no secret to whoever reads the table.
func codeHash(keys *seal.TenantKeys, caseID uuid.UUID, purpose, code string) ([]byte, error) {
	keyed, err := keys.BlindIndex(indexCode, caseID.String()+"/"+purpose+"/"+code)
	if err != nil {
		return nil, fmt.Errorf("hash the code: %w", err)
	}
	sum := sha256.Sum256(keyed)
	return sum[:], nil
}

// AnswerIdentityCode checks the code that the person entered. A right one proves their identity, and the signal it
// returns is to be delivered to the case's workflow; a wrong one costs a try, and that is kept whatever happens next.
func (d *Desk) AnswerIdentityCode(ctx context.Context, ref contract.Ref, code string) (signal storage.Signal, err error) {
	var answer error
	err = d.change(ctx, ref, subjectActor(ref), func(ctx context.Context, f *file) error {
		asking, err := f.asking(ctx)
		if err != nil {
			return err
		}
		if answer, err = asking.checkCode(ctx, storage.CodeForIdentity, code); err != nil || answer != nil {
			return err
		}
		if f.row.State != string(privacy.RequestVerifying) {
			return &privacy.TransitionError{From: privacy.RequestState(f.row.State), Event: privacy.EventIdentityProven}
		}
		if err := f.mailboxProven(ctx); err != nil {
			return err
		}
		if err := f.sharing(ctx, func(g *file) error { return g.mailboxProven(ctx) }); err != nil {
			return err
		}
		signal, err = f.tx.SignalWorkflowOurselves(ctx, f.row.ID, contract.RequestID(f.row.ID), contract.SignalFacts)
		return err
	})
	return signal, errors.Join(err, answer)
}

// asking is the case whose code the person was sent: this one's, once it has had one sent, or that of the case that came in before it.
func (f *file) asking(ctx context.Context) (*file, error) {
	_, err := f.tx.LiveCode(ctx, f.row.ID, storage.CodeForIdentity)
	if !errors.Is(err, storage.ErrNotFound) {
		return f, err
	}
	return f.leader(ctx)
}

// mailboxProven takes the right code for what it is worth: the proof of identity, or, where the law asks for matching
// points and a declaration beside it (11 CCR 7062) or somebody else asks for the person (11 CCR 7063), a beginning that staff
// go on from.
func (f *file) mailboxProven(ctx context.Context) error {
	agent, err := f.represented(ctx)
	if err != nil {
		return err
	}
	if !agent && !f.needsMatching() {
		return f.proven(ctx, "email_code", "")
	}
	if f.row.Identity == identityChecking {
		return nil
	}
	if err := f.tx.BeginIdentityCheck(ctx, f.row.ID); err != nil {
		return err
	}
	words := "Match the person with what is held and confirm or reject their identity; the code proved the mailbox only"
	if agent {
		words = "Look at who asks for the person and what shows that they may, and confirm or reject; the code proved the mailbox only"
	}
	return f.giveTask(ctx, storage.NewTask{Key: "mailbox", Kind: storage.TaskIdentityCheck, Role: roleAgent}, words)
}

// identityChecking is a person who has done their part, and whom staff now match.
const identityChecking = "checking"

// needsMatching says whether the regime asks for more than control of a mailbox before this right is answered.
func (f *file) needsMatching() bool {
	rule, err := f.rules.VerificationFor(f.row.Regime)
	if err != nil {
		return false
	}
	tier, err := rule.Tier(privacy.VerificationAsk{Request: f.row.RequestRight})
	return err == nil && (tier.Level == privacy.LevelReasonable || tier.Level == privacy.LevelReasonablyHigh)
}

// subjectActor is the person of a case, known by the case alone.
func subjectActor(ref contract.Ref) audit.Actor {
	return audit.Actor{Kind: audit.Subject, ID: ref.Case.String()}
}

// checkCode says in answer whether the code is right; what can't be a code costs no try. err is for everything that must undo the transaction.
func (f *file) checkCode(ctx context.Context, purpose, code string) (answer, err error) {
	live, err := f.tx.LiveCode(ctx, f.row.ID, purpose)
	if errors.Is(err, storage.ErrNotFound) {
		return ErrCodeDead, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the code: %w", err)
	}
	// A code that comes from far ahead was made by a clock that has been set right since. Its ten minutes would be days.
	if now := f.tx.Now(); !now.Before(live.ExpiresAt) || now.Add(codeLife).Before(live.CreatedAt) {
		return ErrCodeDead, f.tx.EndCode(ctx, f.row.ID, purpose)
	}
	if code = seal.NormalCode(code); !seal.IsDigits(code, codeDigits) {
		return ErrCodeForm, nil
	}
	hash, err := codeHash(f.tx.Tenant().Keys, f.row.ID, purpose, code)
	if err != nil {
		return nil, err
	}
	if subtle.ConstantTimeCompare(hash, live.CodeHash) == 1 {
		return nil, f.tx.UseCode(ctx, live)
	}
	if err := f.tx.SpendTry(ctx, f.row.ID, live); err != nil {
		return nil, err
	}
	if live.TriesLeft <= 1 {
		return ErrCodeDead, nil
	}
	return ErrCodeWrong, nil
}
