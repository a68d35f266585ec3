package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// inquiryView is what somebody else was asked to do for a request, and what came of it.
type inquiryView struct {
	ID         uuid.UUID `json:"id" format:"uuid"`
	Purpose    string    `json:"purpose" enum:"copy,erase,correct,limit,lift"`
	Channel    string    `json:"channel" enum:"opendsr,email,manual" doc:"manual: a member of staff asks, and enters the answer."`
	Addressee  string    `json:"addressee" doc:"Who is asked."`
	Address    string    `json:"address,omitempty" doc:"The mailbox, or the processor's address."`
	System     string    `json:"system,omitempty" doc:"The key of the system that is asked about; absent of a recipient that is told (Art. 19 GDPR)."`
	SystemName string    `json:"system_name,omitempty"`
	Identities []string  `json:"identities" doc:"What they are told of the person, as far as it is proven."`
	Awaited    bool      `json:"awaited" doc:"The request goes on with the answer."`
	State      string    `json:"state" enum:"open,asked,answered,closed"`
	Outcome    string    `json:"outcome,omitempty" enum:"done,nothing,partly,refused"`

	Instructions string          `json:"instructions,omitempty" doc:"How to ask."`
	Changes      []inquiryChange `json:"changes,omitempty" doc:"Values that they are to correct."`
	Limits       []string        `json:"limits,omitempty"`
	Categories   []string        `json:"categories,omitempty"`
	Words        string          `json:"words,omitempty" doc:"What they answered."`
	Files        []inquiryFile   `json:"files" doc:"What came with the answer, until the request has ended: then it is in the package alone."`

	Reminders int32      `json:"reminders"`
	CreatedAt time.Time  `json:"created_at"`
	DueAt     time.Time  `json:"due_at"`
	AskedAt   *time.Time `json:"asked_at,omitempty"`
	SeenAt    *time.Time `json:"seen_at,omitempty" doc:"When they first looked at whom it is about, by the link of their letter."`
	EndedAt   *time.Time `json:"ended_at,omitempty"`
	EndedBy   string     `json:"ended_by,omitempty"`
}

type inquiryChange struct {
	Field   string  `json:"field"`
	Was     *string `json:"was"`
	Becomes *string `json:"becomes"`
}

type inquiryFile struct {
	ID        uuid.UUID `json:"id" format:"uuid"`
	Name      string    `json:"name"`
	Bytes     int64     `json:"bytes"`
	CreatedBy string    `json:"created_by"`
	CreatedAt time.Time `json:"created_at"`
}

// inquiryCount is how many others were asked.
type inquiryCount struct {
	Open int `json:"open" doc:"Of whom there is no answer yet."`
	All  int `json:"all"`
}

// countInquiries is nil where nobody else was asked.
func countInquiries(all []storage.InquiryState) *inquiryCount {
	if len(all) == 0 {
		return nil
	}
	out := &inquiryCount{All: len(all)}
	for _, i := range all {
		if i.Open() {
			out.Open++
		}
	}
	return out
}

// askedNow is who has been asked about each system and has not answered.
func askedNow(ctx context.Context, tx *storage.Tx, id uuid.UUID) (map[uuid.UUID]string, error) {
	all, err := tx.InquiryStates(ctx, id)
	out := map[uuid.UUID]string{}
	for _, i := range all {
		if i.System != nil && i.Awaited && i.Open() {
			out[*i.System] = i.Addressee
		}
	}
	return out, err
}

// InquiryID is the address of one inquiry.
type InquiryID struct {
	CaseID
	Inquiry uuid.UUID `path:"inquiry" format:"uuid"`
}

type inquiryAnswerIn struct {
	InquiryID
	Idempotent
	Body inquiryAnswer
}

type inquiryAnswer struct {
	Outcome string `json:"outcome" enum:"done,nothing,partly,refused" doc:"nothing: they hold nothing of the person."`
	Words   string `json:"words,omitempty" maxLength:"10000" doc:"What they say; needed where not all was done. Of a copy the person gets these words, too."`
}

type inquiryAgainIn struct {
	InquiryID
	Idempotent
	Body inquiryAgain
}

type inquiryAgain struct {
	Anew bool `json:"anew,omitempty" doc:"With a link of its own also while the request waits: the one before stops working, and what came by it is left behind."`
}

type inquiryCloseIn struct {
	InquiryID
	Idempotent
	Body inquiryClose
}

type inquiryClose struct {
	Reason string `json:"reason" minLength:"1" maxLength:"2000" doc:"Why nobody asks any more. Kept with the request's notes."`
}

type inquiryFileIn struct {
	InquiryID
	RawBody huma.MultipartFormFiles[struct {
		File huma.FormFile `form:"file" required:"true" doc:"A file of at most 10 MiB, in any format."`
	}]
}

type inquiryFileID struct {
	InquiryID
	File uuid.UUID `path:"file" format:"uuid"`
}

func (s *server) inquiryOperations() {
	missing := []int{http.StatusNotFound, http.StatusGone}
	const at = "/v1/requests/{id}/inquiries"
	register(s, operation{
		id: "list-inquiries", method: http.MethodGet, path: at, tag: "inquiries", errors: missing,
		summary: "Who else was asked to do something for a request, oldest first, and what they said; this is recorded",
	}, s.inquiries)
	register(s, operation{
		id: "answer-inquiry", method: http.MethodPost, path: at + "/{inquiry}/answer", tag: "inquiries", errors: missing,
		summary: "Enter an answer that came another way than through the link or the protocol",
	}, s.answerInquiry)
	register(s, operation{
		id: "repeat-inquiry", method: http.MethodPost, path: at + "/{inquiry}/again", tag: "inquiries", errors: missing,
		summary: "Ask once more: the letter again while the request waits, else the same anew, where the documents of the systems say by now",
	}, s.repeatInquiry)
	register(s, operation{
		id: "close-inquiry", method: http.MethodPost, path: at + "/{inquiry}/close", tag: "inquiries", errors: missing,
		summary: "Ask no more, with the reason; not while the request waits for the answer",
	}, s.closeInquiry)
	register(s, operation{
		id: "add-inquiry-file", method: http.MethodPost, path: at + "/{inquiry}/files", tag: "inquiries", status: http.StatusCreated, errors: missing,
		summary: "Add a file that came with an answer, sealed", takes: "multipart/form-data", maxBody: maxBody,
	}, s.addInquiryFile)
	register(s, operation{
		id: "remove-inquiry-file", method: http.MethodDelete, path: at + "/{inquiry}/files/{file}", tag: "inquiries", status: http.StatusNoContent, errors: missing,
		summary: "Take a file away again that came by mistake, while the inquiry is open",
	}, s.removeInquiryFile)
	register(s, operation{
		id: "get-inquiry-file", method: http.MethodGet, path: at + "/{inquiry}/files/{file}", tag: "inquiries", errors: missing,
		summary: "Fetch a file that came with an answer; this is recorded",
	}, s.viewInquiryFile)
}

func (s *server) inquiries(ctx context.Context, who *caller, in *CaseID) (*page[inquiryView], error) {
	var out []inquiryView
	err := s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) (err error) {
		if out, err = inquiriesOf(ctx, tx, in.ID); err != nil || len(out) == 0 {
			return err
		}
		return tx.Audit(ctx, viewed(in.ID, "inquiries", in.ID))
	})
	return newPage(out, ""), err
}

func inquiriesOf(ctx context.Context, tx *storage.Tx, id uuid.UUID) (out []inquiryView, err error) {
	_, subject, err := fileOf(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	all, err := tx.Inquiries(ctx, id, subject)
	if err != nil {
		return nil, err
	}
	files, err := tx.InquiryFiles(ctx, id, subject)
	if err != nil {
		return nil, err
	}
	for _, i := range all {
		view := viewOfInquiry(i)
		for _, f := range files {
			if f.InquiryID == i.ID && f.WrappedKey != nil {
				view.Files = append(view.Files, inquiryFile{ID: f.ID, Name: f.Name, Bytes: f.Bytes, CreatedBy: f.CreatedBy, CreatedAt: f.CreatedAt})
			}
		}
		out = append(out, view)
	}
	return out, nil
}

func viewOfInquiry(i storage.Inquiry) inquiryView {
	return inquiryView{
		ID: i.ID, Purpose: string(i.Purpose), Channel: i.Channel, Addressee: i.Addressee, Address: i.Address, System: i.SystemKey, SystemName: i.SystemName,
		Identities: i.Identities, Awaited: i.Awaited, State: i.State, Outcome: string(i.Outcome), Instructions: i.Body.Instructions,
		Changes: each(i.Body.Changes, func(c storage.InquiryChange) inquiryChange { return inquiryChange(c) }), Limits: i.Body.Limits, Categories: i.Body.Categories,
		Words: i.Words, Files: []inquiryFile{}, Reminders: i.Reminders, CreatedAt: i.CreatedAt, DueAt: i.DueAt, AskedAt: i.AskedAt, SeenAt: i.SeenAt,
		EndedAt: i.EndedAt, EndedBy: i.EndedBy,
	}
}

func (s *server) answerInquiry(ctx context.Context, who *caller, in *inquiryAnswerIn) (*answered[created], error) {
	return s.changeInquiry(ctx, who, in.InquiryID, in.Idempotent, "answer-inquiry/", in.Body, func(ctx context.Context, tx *storage.Tx, ref contract.Ref, key string) error {
		return s.Desk.AnswerInquiry(ctx, tx, ref, key, casework.InquiryAnswer{Inquiry: in.Inquiry, Outcome: privacy.InquiryOutcome(in.Body.Outcome), Words: in.Body.Words})
	})
}

func (s *server) repeatInquiry(ctx context.Context, who *caller, in *inquiryAgainIn) (*answered[created], error) {
	return s.changeInquiry(ctx, who, in.InquiryID, in.Idempotent, "repeat-inquiry/", in.Body, func(ctx context.Context, tx *storage.Tx, ref contract.Ref, key string) error {
		return s.Desk.AskAgain(ctx, tx, ref, key, in.Inquiry, in.Body.Anew)
	})
}

func (s *server) closeInquiry(ctx context.Context, who *caller, in *inquiryCloseIn) (*answered[created], error) {
	return s.changeInquiry(ctx, who, in.InquiryID, in.Idempotent, "close-inquiry/", in.Body, func(ctx context.Context, tx *storage.Tx, ref contract.Ref, key string) error {
		return s.Desk.CloseInquiry(ctx, tx, ref, key, in.Inquiry, in.Body.Reason)
	})
}

// changeInquiry does something with an inquiry, once per idempotency key.
func (s *server) changeInquiry(ctx context.Context, who *caller, at InquiryID, once Idempotent, name string, body any, do func(context.Context, *storage.Tx, contract.Ref, string) error) (*answered[created], error) {
	k, err := once.once(who, name+at.ID.String()+"/"+at.Inquiry.String(), body)
	if err != nil {
		return nil, err
	}
	return transact(ctx, s, who, k, func(ctx context.Context, tx *storage.Tx) (int, created, error) {
		who.caseID = at.ID.String()
		return http.StatusOK, created{ID: at.Inquiry}, do(ctx, tx, contract.Ref{Tenant: who.tenant.ID, Case: at.ID}, k.command())
	})
}

func (s *server) addInquiryFile(ctx context.Context, who *caller, in *inquiryFileIn) (*shown[created], error) {
	file := in.RawBody.Data().File
	defer func() { _ = file.Close() }() // a file that was only read
	if file.Size > casework.MaxDocument {
		return nil, casework.ErrInquiryFile
	}
	err := s.Desk.AddInquiryFile(ctx, contract.Ref{Tenant: who.tenant.ID, Case: in.ID}, who.actor, in.Inquiry, file.Filename, file)
	return &shown[created]{Body: created{ID: in.Inquiry}}, err
}

func (s *server) removeInquiryFile(ctx context.Context, who *caller, in *inquiryFileID) (*struct{}, error) {
	return nil, s.Desk.RemoveInquiryFile(ctx, contract.Ref{Tenant: who.tenant.ID, Case: in.ID}, who.actor, in.Inquiry, in.File)
}

func (s *server) viewInquiryFile(ctx context.Context, who *caller, in *inquiryFileID) (*huma.StreamResponse, error) {
	_, body, err := s.Desk.ViewInquiryFile(ctx, contract.Ref{Tenant: who.tenant.ID, Case: in.ID}, who.actor, in.Inquiry, in.File)
	if err != nil {
		return nil, err
	}
	return s.download(ctx, body, "application/octet-stream"), nil
}
