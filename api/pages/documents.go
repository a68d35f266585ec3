package pages

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/storage"
)

// sendRoute is where people send documents that show what they say.
const sendRoute = "/:tenant/status/:token/documents/send"

// sentDocument is a document that the person sent, as the page shows it.
type sentDocument struct{ Name, Size, When string }

// showDocuments shows what the person sent, with the place for the next document.
func (s *site) showDocuments(v *visit, status int, at standing, notice string, faults []fault) error {
	page := s.roomView(v, "documents", at)
	page.Notice, page.Faults = notice, faults
	err := s.Desk.DB().Read(v.Request.Context(), at.ref.Tenant, func(ctx context.Context, tx *storage.Tx) error {
		sent, err := casework.SentDocuments(ctx, tx, at.row)
		for _, one := range sent {
			when := notify.FormatMoment(notify.Language(v.language), one.CreatedAt.In(v.tenant.Zone))
			page.Documents = append(page.Documents, sentDocument{Name: one.Name, Size: v.size(one.Bytes), When: when})
		}
		return err
	})
	if err != nil {
		return linkDead(err)
	}
	page.MaySend = at.maySend && len(page.Documents) < casework.MaxSentDocuments
	switch {
	case !at.maySend:
		page.Lines = []string{v.say("documents.closed")}
	case !page.MaySend:
		page.Lines = []string{v.say("documents.full", "most", page.MostDocuments())}
	}
	if page.Pass, err = newPass(v.tenant, at.row.ID, s.Clock.Now()); err != nil {
		return err
	}
	v.show(status, "documents", page)
	return nil
}

// takeDocument keeps what the person sent. The page that was opened with the code carries a pass; the same file sent twice with it counts once.
func (s *site) takeDocument(v *visit) error {
	at, err := s.lookUp(v)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(v.sent.document)
	key, done, err := s.within(v, "documents", at, hex.EncodeToString(sum[:]))
	if err != nil || done {
		return err
	}
	if !at.maySend {
		return s.showDocuments(v, http.StatusConflict, at, "", nil)
	}
	if status, said := v.documentFault(); said != nil {
		return s.showDocuments(v, status, at, "", said)
	}
	signal, err := s.Desk.TakeDocument(v.Request.Context(), at.ref, key, v.sent.name, v.document())
	if errors.Is(err, casework.ErrDocument) {
		return s.showDocuments(v, http.StatusUnprocessableEntity, at, "", []fault{{Field: "file", Text: v.say("error.proof")}})
	}
	if _, refused := casework.RefusalOf(err); refused { // the request has ended meanwhile, or there are enough: the page says which
		return s.documentsAgain(v, http.StatusConflict, "")
	}
	if err != nil {
		return linkDead(err)
	}
	if signal.WorkflowID != "" {
		s.tell(v.Request.Context(), signal)
	}
	return s.documentsAgain(v, http.StatusOK, v.say("documents.done"))
}

// documentsAgain shows the documents as they are by now.
func (s *site) documentsAgain(v *visit, status int, notice string) error {
	at, err := s.lookUp(v)
	if err != nil {
		return err
	}
	return s.showDocuments(v, status, at, notice, nil)
}

// documentFault says why there is no document to keep; nil when there is one.
func (v *visit) documentFault() (status int, said []fault) {
	again := fault{Field: "file", Text: v.say("error.again")}
	switch {
	case v.wait > 0:
		return http.StatusTooManyRequests, []fault{v.busyFault(v.wait), again}
	case v.sent.unread != nil:
		status, wrong := v.unread()
		wrong.Field = "file"
		return status, []fault{wrong}
	case v.sent.dropped != "":
		return v.faultStatus(), []fault{{Field: "file", Text: v.say(v.sent.dropped)}}
	case v.sent.document == nil:
		return http.StatusUnprocessableEntity, []fault{{Field: "file", Text: v.say("asked.file.none")}}
	default:
		return 0, nil
	}
}

// size is how large a file is, in the page's language. The steps are 1024, as the limits count.
func (v *visit) size(bytes int64) string {
	p := message.NewPrinter(language.Make(v.language))
	if bytes < 1<<20 {
		return v.say("size.kb", "size", p.Sprint(number.Decimal(max(1, (bytes+512)/1024))))
	}
	return v.say("size.mb", "size", p.Sprint(number.Decimal(float64(bytes)/(1<<20), number.MaxFractionDigits(1))))
}
