package client

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"time"

	"github.com/google/uuid"
)

// Inquiry is what somebody else was asked to do for a request, and what came of it.
type Inquiry struct {
	ID           uuid.UUID       `json:"id"`
	Purpose      string          `json:"purpose"`
	Channel      string          `json:"channel"`
	Addressee    string          `json:"addressee"`
	Address      string          `json:"address,omitempty"`
	System       string          `json:"system,omitempty"`
	SystemName   string          `json:"system_name,omitempty"`
	Identities   []string        `json:"identities"`
	Awaited      bool            `json:"awaited"`
	State        string          `json:"state"`
	Outcome      string          `json:"outcome,omitempty"`
	Instructions string          `json:"instructions,omitempty"`
	Changes      []InquiryChange `json:"changes,omitempty"`
	Limits       []string        `json:"limits,omitempty"`
	Categories   []string        `json:"categories,omitempty"`
	Words        string          `json:"words,omitempty"`
	Files        []InquiryFile   `json:"files"`
	Reminders    int32           `json:"reminders"`
	CreatedAt    time.Time       `json:"created_at"`
	DueAt        time.Time       `json:"due_at"`
	AskedAt      *time.Time      `json:"asked_at,omitempty"`
	SeenAt       *time.Time      `json:"seen_at,omitempty"`
	EndedAt      *time.Time      `json:"ended_at,omitempty"`
	EndedBy      string          `json:"ended_by,omitempty"`
}

// Open says that an answer may still come.
func (i Inquiry) Open() bool { return i.State == "open" || i.State == "asked" }

// InquiryChange is a value that they are to correct.
type InquiryChange struct {
	Field   string  `json:"field"`
	Was     *string `json:"was"`
	Becomes *string `json:"becomes"`
}

// InquiryFile is a file that came with an answer.
type InquiryFile struct {
	ID        uuid.UUID `json:"id"`
	Name      string    `json:"name"`
	Bytes     int64     `json:"bytes"`
	CreatedBy string    `json:"created_by"`
	CreatedAt time.Time `json:"created_at"`
}

// InquiryCount is how many others were asked, and of how many there is no answer yet.
type InquiryCount struct {
	Open int `json:"open"`
	All  int `json:"all"`
}

// InquiryAnswer is an answer that came another way than through the link or the protocol: done, nothing, partly or refused.
type InquiryAnswer struct {
	Outcome string `json:"outcome"`
	Words   string `json:"words,omitempty"`
}

// InquiryClose says why nobody asks any more.
type InquiryClose struct {
	Reason string `json:"reason"`
}

func inquiryPath(id, inquiry uuid.UUID, below string) string {
	return requestPath(id, "/inquiries/"+inquiry.String()+below)
}

// Inquiries lists who else was asked, oldest first; this is recorded.
func (c *Client) Inquiries(ctx context.Context, id uuid.UUID) (Page[Inquiry], error) {
	return ask[Page[Inquiry]](ctx, c, call{method: http.MethodGet, path: requestPath(id, "/inquiries")})
}

// AnswerInquiry enters an answer, once per idempotency key.
func (c *Client) AnswerInquiry(ctx context.Context, once string, id, inquiry uuid.UUID, a InquiryAnswer) error {
	_, err := ask[Created](ctx, c, call{method: http.MethodPost, path: inquiryPath(id, inquiry, "/answer"), body: a, once: once})
	return err
}

// InquiryAgain says whether somebody is asked once more with a link of its own.
type InquiryAgain struct {
	Anew bool `json:"anew,omitempty"`
}

// RepeatInquiry asks once more, once per idempotency key.
func (c *Client) RepeatInquiry(ctx context.Context, once string, id, inquiry uuid.UUID, how InquiryAgain) error {
	_, err := ask[Created](ctx, c, call{method: http.MethodPost, path: inquiryPath(id, inquiry, "/again"), body: how, once: once})
	return err
}

// CloseInquiry asks no more, once per idempotency key.
func (c *Client) CloseInquiry(ctx context.Context, once string, id, inquiry uuid.UUID, why InquiryClose) error {
	_, err := ask[Created](ctx, c, call{method: http.MethodPost, path: inquiryPath(id, inquiry, "/close"), body: why, once: once})
	return err
}

// AddInquiryFile adds a file that came with an answer.
func (c *Client) AddInquiryFile(ctx context.Context, id, inquiry uuid.UUID, name string, content []byte) error {
	body, media, err := fileForm(name, content)
	if err != nil {
		return err
	}
	_, err = ask[Created](ctx, c, call{method: http.MethodPost, path: inquiryPath(id, inquiry, "/files"), body: body, media: media})
	return err
}

// RemoveInquiryFile takes a file away again that came by mistake, while the inquiry is open.
func (c *Client) RemoveInquiryFile(ctx context.Context, id, inquiry, file uuid.UUID) error {
	_, err := ask[struct{}](ctx, c, call{method: http.MethodDelete, path: inquiryPath(id, inquiry, "/files/"+file.String())})
	return err
}

// FetchInquiryFile writes a file that came with an answer; this is recorded.
func (c *Client) FetchInquiryFile(ctx context.Context, id, inquiry, file uuid.UUID, w io.Writer) error {
	return c.fetch(ctx, inquiryPath(id, inquiry, "/files/"+file.String()), w)
}

// fetch writes an answer that is no JSON.
func (c *Client) fetch(ctx context.Context, path string, w io.Writer) error {
	response, err := c.send(ctx, call{method: http.MethodGet, path: path})
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if _, err := io.Copy(w, response.Body); err != nil {
		return &Unanswered{cause: err}
	}
	return nil
}

// fileForm frames one file as forms do.
func fileForm(name string, content []byte) (body []byte, media string, err error) {
	var out bytes.Buffer
	form := multipart.NewWriter(&out)
	part, err := form.CreateFormFile("file", name)
	if err != nil {
		return nil, "", fmt.Errorf("frame the file: %w", err)
	}
	// A buffer takes everything, and so does the form that writes into it.
	_, _ = part.Write(content)
	_ = form.Close()
	return out.Bytes(), form.FormDataContentType(), nil
}
