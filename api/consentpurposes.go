package api

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/storage"
)

// purposeView is what people are asked to agree to.
type purposeView struct {
	Key      string     `json:"key"`
	Class    string     `json:"class" enum:"commercial,transactional,asking_consent,charitable,fundraising" doc:"What its messages are where nothing else is said."`
	Similar  bool       `json:"similar_goods" doc:"Its messages are about your own goods or services like those that were bought: the soft opt-in needs that."`
	Tracking bool       `json:"tracking" doc:"What is agreed to is that opening and following links is seen. There is one such purpose."`
	Since    time.Time  `json:"created_at"`
	Retired  *time.Time `json:"retired_at,omitempty"`
	Texts    []textView `json:"texts" nullable:"false" doc:"The words that people agree to: the newest version of each language first."`
}

// textView is a version of the words that people agree to.
type textView struct {
	ID        uuid.UUID `json:"id" format:"uuid"`
	Language  string    `json:"language"`
	Version   int32     `json:"version"`
	Title     string    `json:"title"`
	Body      string    `json:"body"`
	SHA256    string    `json:"sha256" doc:"Of the title, a zero byte, and the body; the audit log has it too."`
	CreatedAt time.Time `json:"created_at"`
	CreatedBy string    `json:"created_by"`
}

// PurposeKey names a purpose.
type PurposeKey struct {
	Key string `path:"key" pattern:"^[a-z0-9][a-z0-9_-]{0,61}$" maxLength:"62"`
}

type putPurpose struct {
	PurposeKey
	Body struct {
		Class    string `json:"class,omitempty" enum:"commercial,transactional,asking_consent,charitable,fundraising" doc:"commercial when absent."`
		Similar  bool   `json:"similar_goods,omitempty"`
		Tracking bool   `json:"tracking,omitempty" doc:"Can't be changed."`
		Retired  bool   `json:"retired,omitempty" doc:"It is used no more. What was recorded stays."`
	}
}

type addText struct {
	PurposeKey
	Idempotent
	Body consentTextBody
}

type consentTextBody struct {
	Language string `json:"language" pattern:"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$" maxLength:"35" doc:"BCP 47." example:"en"`
	Title    string `json:"title" minLength:"1" maxLength:"200"`
	Body     string `json:"body" minLength:"1" maxLength:"20000" doc:"Exactly the words that people see."`
}

func (s *server) purposeOperations() {
	register(s, operation{
		id: "list-consent-purposes", method: http.MethodGet, path: "/v1/consent/purposes", tag: "consents", summary: "What people are asked to agree to, with every version of the words",
	}, s.purposes)
	register(s, operation{
		id: "put-consent-purpose", method: http.MethodPut, path: "/v1/consent/purposes/{key}", tag: "consents",
		summary: "Add a purpose, or say what its messages are, or that it is used no more",
	}, s.putPurpose)
	register(s, operation{
		id: "add-consent-text", method: http.MethodPost, path: "/v1/consent/purposes/{key}/texts", tag: "consents", status: http.StatusCreated, errors: []int{http.StatusNotFound},
		summary: "Add the next version of the words of a purpose in a language; the ones before stay as they are",
	}, s.addText)
}

func (s *server) purposes(ctx context.Context, who *caller, _ *struct{}) (*page[purposeView], error) {
	var purposes []storage.ConsentPurpose
	var texts []storage.ConsentText
	err := s.db.Read(ctx, who.tenant.ID, func(ctx context.Context, tx *storage.Tx) (err error) {
		if purposes, err = tx.ConsentPurposes(ctx); err != nil {
			return err
		}
		texts, err = tx.ConsentTexts(ctx)
		return err
	})
	return newPage(each(purposes, func(p storage.ConsentPurpose) purposeView { return newPurpose(p, texts) }), ""), err
}

func newPurpose(p storage.ConsentPurpose, texts []storage.ConsentText) purposeView {
	out := purposeView{Key: p.Key, Class: p.Class, Similar: p.SimilarGoods, Tracking: p.Tracking, Since: p.CreatedAt, Retired: p.RetiredAt, Texts: []textView{}}
	for _, t := range texts {
		if t.Purpose == p.Number {
			out.Texts = append(out.Texts, newText(t))
		}
	}
	return out
}

func newText(t storage.ConsentText) textView {
	return textView{
		ID: t.ID, Language: t.Language, Version: t.Version, Title: t.Title, Body: t.Body, SHA256: fmt.Sprintf("%x", storage.TextHash(t.Title, t.Body)),
		CreatedAt: t.CreatedAt, CreatedBy: t.CreatedBy,
	}
}

func (s *server) putPurpose(ctx context.Context, who *caller, in *putPurpose) (*shown[purposeView], error) {
	n := storage.NewConsentPurpose{Key: in.Key, Class: in.Body.Class, Similar: in.Body.Similar, Tracking: in.Body.Tracking}
	if n.Class == "" {
		n.Class = "commercial"
	}
	out := &shown[purposeView]{}
	err := s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) error {
		if in.Body.Retired {
			at := tx.Now()
			n.Retired = &at
		}
		p, err := s.Desk.PutPurpose(ctx, tx, n)
		if err != nil {
			return err
		}
		texts, err := tx.ConsentTexts(ctx)
		out.Body = newPurpose(p, texts)
		return err
	})
	s.db.ForgetTenant(who.tenant.ID)
	return out, err
}

func (s *server) addText(ctx context.Context, who *caller, in *addText) (*answered[textView], error) {
	k, err := in.once(who, "add-consent-text/"+in.Key, in.Body)
	if err != nil {
		return nil, err
	}
	return transact(ctx, s, who, k, func(ctx context.Context, tx *storage.Tx) (int, textView, error) {
		purpose, err := casework.PurposeOf(tx.Tenant(), in.Key)
		if err != nil {
			return 0, textView{}, err
		}
		t, err := tx.AddConsentText(ctx, purpose, in.Body.Language, in.Body.Title, in.Body.Body)
		return http.StatusCreated, newText(t), err
	})
}
