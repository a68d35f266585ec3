package pages

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"strings"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/api/throttle"
	"github.com/privacy-docket/docket/casework"
)

// formRoute is where requests are filed.
const formRoute = "/:tenant/request"

// TakesDocuments says whether a route takes documents with its form: these alone do, and bound body and work themselves.
func TakesDocuments(route string) bool {
	return route == formRoute || route == answerRoute || route == sendRoute
}

// replyRoute is where people write.
const replyRoute = "/:tenant/status/:token/messages/reply"

// What a form may bring. What is more than that is read and thrown away, within bounds: a browser that is cut off while it
// sends shows a fault of its own in place of the page that says what to do.
const (
	maxText = 128 << 10
	maxBody = 5 * casework.MaxDocument
	maxPast = 1 << 20
)

// partCost is what a field counts beside its text, so that there are not too many of them.
const partCost = 100

var (
	errLong   = errors.New("the form is too long")
	errSlow   = errors.New("the form came too slowly")
	errBroken = errors.New("what came is no form, or not the whole of one")
)

// sent is a form as it came in, or as much of it as came.
type sent struct {
	values url.Values
	// document is the file of an agent's form, of an answer, or of the person, and name what it is called; dropped is the key of the words about one
	// that was not kept.
	document []byte
	name     string
	dropped  string
	// unread says why not all of the form was read: errLong, errSlow or errBroken.
	unread error
	// stranger says that it was sent from no page of ours.
	stranger bool
	// place says that the document has one of the places in memory.
	place bool
}

// receive reads the form that was sent, in the time that its length takes.
func (v *visit) receive() {
	v.sent.values = url.Values{}
	body := &paced{Reader: v.Request.Body, control: http.NewResponseController(v.Writer), pace: v.site.Limits.Body, wall: v.site.wall, begun: v.site.wall.Now()}
	err := v.readBody(body)
	v.sent.unread = reason(errors.Join(err, body.end()))
}

// forget lets the document go.
func (v *visit) forget() {
	v.sent.document = nil
	if v.sent.place {
		v.site.shelf.free(throttle.Origin(v.ClientIP()))
		v.sent.place = false
	}
}

func (v *visit) readBody(body io.Reader) error {
	media, parameters, err := mime.ParseMediaType(v.GetHeader("Content-Type"))
	switch {
	case v.Request.ContentLength == 0 && v.GetHeader("Content-Type") == "":
		return nil
	case err == nil && media == "application/x-www-form-urlencoded":
		return v.readText(http.MaxBytesReader(v.Writer, io.NopCloser(body), maxText+maxPast))
	case err == nil && media == "multipart/form-data" && parameters["boundary"] != "":
		most := int64(maxText)
		if TakesDocuments(v.FullPath()) {
			most = maxBody
		}
		limited := http.MaxBytesReader(v.Writer, io.NopCloser(body), most+maxPast)
		return v.readParts(multipart.NewReader(limited, parameters["boundary"]))
	}
	return errBroken
}

// reason is what a person is told of an error in reading their form.
func reason(err error) error {
	var past *http.MaxBytesError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, errLong), errors.As(err, &past), errors.Is(err, multipart.ErrMessageTooLarge):
		return errLong
	case errors.Is(err, os.ErrDeadlineExceeded):
		return errSlow
	default:
		return errBroken
	}
}

// readText reads a form that is text alone.
func (v *visit) readText(body io.Reader) error {
	text, err := io.ReadAll(io.LimitReader(body, maxText+1))
	if err == nil && len(text) > maxText {
		text, err = text[:maxText], errLong
		_, past := io.Copy(io.Discard, body)
		err = errors.Join(err, past)
	}
	whole := string(text)
	if cut := strings.LastIndexByte(whole, '%'); err != nil && cut >= max(len(whole)-2, 0) {
		whole = whole[:cut] // it broke off within a letter
	}
	values, faulty := url.ParseQuery(whole)
	v.sent.values = values
	if err == nil {
		err = faulty
	}
	return err
}

// readParts reads a form that may have a document in it.
func (v *visit) readParts(form *multipart.Reader) (long error) {
	for room := int64(maxText); ; {
		part, err := form.NextPart()
		if err == io.EOF { //nolint:errorlint // where it is wrapped, the form broke off
			break
		}
		if err != nil {
			return fmt.Errorf("read the form: %w", err)
		}
		if name := part.FormName(); name == "proof" || name == "file" && (v.FullPath() == answerRoute || v.FullPath() == sendRoute) {
			v.sent.name = part.FileName()
			err = v.readDocument(part)
		} else {
			room, err = v.readField(part, room)
		}
		if err != nil {
			return err
		}
		if room < 0 {
			long = errLong // the rest is read, and not kept
		}
	}
	return long
}

// readField reads a field, or as much of it as there is room for, and gives how much room is left.
func (v *visit) readField(part *multipart.Part, room int64) (left int64, err error) {
	if room <= 0 {
		return -1, nil
	}
	text, err := io.ReadAll(io.LimitReader(part, room))
	if v.sent.values.Add(part.FormName(), string(text)); err != nil {
		return 0, fmt.Errorf("read a field: %w", err)
	}
	left = room - int64(len(text)+len(part.FormName())+partCost)
	return left, nil
}

// readDocument reads the document of an agent into memory, where there is a place for it. Without one, or when nobody will
// look at it, it is read and thrown away, so that what stands behind it is read as well.
func (v *visit) readDocument(part io.Reader) error {
	first := make([]byte, 1)
	if _, err := io.ReadFull(part, first); err != nil {
		if errors.Is(err, io.EOF) { // nothing was chosen
			return nil
		}
		return fmt.Errorf("read the document: %w", err)
	}
	if v.sent.dropped = v.mayKeep(); v.sent.dropped == "" {
		var whole bytes.Buffer
		n, err := io.Copy(&whole, io.MultiReader(bytes.NewReader(first), io.LimitReader(part, casework.MaxDocument)))
		if err != nil {
			return fmt.Errorf("read the document: %w", err)
		}
		if n <= casework.MaxDocument {
			v.sent.document = whole.Bytes()
			return nil
		}
		v.forget()
		v.sent.dropped = "error.large"
	}
	_, err := io.Copy(io.Discard, part)
	if err != nil {
		return fmt.Errorf("read past the document: %w", err)
	}
	return nil
}

// document is the file that came.
func (v *visit) document() io.Reader { return bytes.NewReader(v.sent.document) }

// mayKeep takes a place for the document, or gives the key of the words that say why it is not kept. What comes before it in
// the form is known by now: who has no form of ours gets no place.
func (v *visit) mayKeep() string {
	if v.wait > 0 || v.sent.document != nil || v.sent.stranger {
		return "error.again"
	}
	if v.sent.stranger = !v.known(); v.sent.stranger { // looked up once, however many files come
		return "error.again"
	}
	if !v.sent.place && !v.site.shelf.take(throttle.Origin(v.ClientIP())) {
		return "error.crowded"
	}
	v.sent.place = true
	return ""
}

// known says that what comes was sent from a page of ours.
func (v *visit) known() bool {
	switch v.FullPath() {
	case answerRoute:
		at, err := v.site.Desk.AskedBy(v.Request.Context(), v.tenant.ID, v.Param("token"))
		return err == nil && at.Open() && v.passed(at.ID)
	case sendRoute:
		at, err := v.site.lookUp(v)
		return err == nil && at.maySend && v.passed(at.row.ID)
	case formRoute:
		return v.sent.values.Get("for") == forOther && checkToken(v.tenant, v.sent.values.Get("token"), v.site.Clock.Now()) == nil
	default:
		return false
	}
}

// passed says whether what comes has the pass of a page that was opened for whom or what it is about.
func (v *visit) passed(about uuid.UUID) bool {
	_, err := checkPass(v.tenant, about, v.sent.values.Get("pass"), "", v.site.Clock.Now())
	return err == nil
}
