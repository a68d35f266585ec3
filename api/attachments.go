package api

import (
	"context"
	"encoding/hex"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/storage"
)

type attachmentView struct {
	ID          uuid.UUID  `json:"id" format:"uuid"`
	MediaType   string     `json:"media_type"`
	Bytes       int64      `json:"bytes"`
	SHA256      string     `json:"sha256" doc:"Of the file as it is stored, sealed; the audit log has it too."`
	CreatedBy   string     `json:"created_by"`
	CreatedAt   time.Time  `json:"created_at"`
	DestroyedAt *time.Time `json:"destroyed_at,omitempty"`
}

type attachmentIn struct {
	TaskID
	RawBody huma.MultipartFormFiles[struct {
		File huma.FormFile `form:"file" required:"true" doc:"A PDF, JPEG or PNG of at most 10 MiB."`
	}]
}

type attachmentID struct {
	TaskID
	Attachment uuid.UUID `path:"attachment" format:"uuid"`
}

func (s *server) attachmentOperations() {
	register(s, operation{
		id: "add-task-attachment", method: http.MethodPost, path: "/v1/tasks/{id}/attachments", tag: "tasks", status: http.StatusCreated,
		summary: "Put a file beside a task, sealed", errors: []int{http.StatusNotFound, http.StatusConflict}, takes: "multipart/form-data", maxBody: maxBody,
	}, s.addAttachment)
	register(s, operation{
		id: "list-task-attachments", method: http.MethodGet, path: "/v1/tasks/{id}/attachments", tag: "tasks",
		summary: "The files beside a task, without their content; this is recorded", errors: []int{http.StatusNotFound},
	}, s.attachments)
	register(s, operation{
		id: "get-task-attachment", method: http.MethodGet, path: "/v1/tasks/{id}/attachments/{attachment}", tag: "tasks",
		summary: "Look at a file beside a task; this is recorded", errors: []int{http.StatusNotFound, http.StatusGone},
	}, s.viewAttachment)
}

func (s *server) addAttachment(ctx context.Context, who *caller, in *attachmentIn) (*shown[created], error) {
	file := in.RawBody.Data().File
	defer func() { _ = file.Close() }() // a file that was only read
	if file.Size > casework.MaxDocument {
		return nil, casework.ErrDocument
	}
	id, err := s.Desk.Attach(ctx, who.tenant.ID, who.actor, in.ID, file)
	return &shown[created]{Body: created{ID: id}}, err
}

func (s *server) attachments(ctx context.Context, who *caller, in *TaskID) (*page[attachmentView], error) {
	var rows []storage.Attachment
	err := s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) error {
		task, err := tx.Task(ctx, in.ID)
		if err != nil {
			return err
		}
		if rows, err = tx.Attachments(ctx, in.ID); err != nil {
			return err
		}
		return tx.Audit(ctx, viewed(task.CaseID, "task", in.ID))
	})
	return newPage(each(rows, func(a storage.Attachment) attachmentView {
		return attachmentView{
			ID: a.ID, MediaType: a.MediaType, Bytes: a.Bytes, SHA256: hex.EncodeToString(a.Sha256), CreatedBy: a.CreatedBy, CreatedAt: a.CreatedAt,
			DestroyedAt: a.DestroyedAt,
		}
	}), ""), err
}

func (s *server) viewAttachment(ctx context.Context, who *caller, in *attachmentID) (*huma.StreamResponse, error) {
	body, media, err := s.Desk.ViewAttachment(ctx, who.tenant.ID, who.actor, in.ID, in.Attachment)
	if err != nil {
		return nil, err
	}
	return s.download(ctx, body, media), nil
}
