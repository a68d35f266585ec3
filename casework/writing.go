package casework

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/storage"
)

// queueLetter writes a letter in a language and puts it into the outbox as e-mail. m says whose it is and by which key it comes once; without one it is written
// each time.
func queueLetter(ctx context.Context, tx *storage.Tx, m storage.NewMessage, to notify.Receiver, language notify.Language, letter notify.Letter) (uuid.UUID, error) {
	words, err := notify.Render(language, letter)
	if err != nil {
		return uuid.Nil, fmt.Errorf("write the letter: %w", err)
	}
	m.Kind, m.Channel = string(letter.Kind()), string(notify.ChannelEmail)
	return queueWords(ctx, tx, m, to, words)
}

// queueWords puts what is written into the outbox, and gives the message's id.
func queueWords(ctx context.Context, tx *storage.Tx, m storage.NewMessage, to notify.Receiver, words notify.Rendered) (uuid.UUID, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return uuid.Nil, fmt.Errorf("make the message's id: %w", err)
	}
	if m.Key == "" {
		m.Key = id.String()
	}
	m.Language = string(words.Language)
	m.Content, err = json.Marshal(notify.Message{ID: id.String(), To: to, Date: tx.Now(), Rendered: words})
	if err != nil {
		return uuid.Nil, fmt.Errorf("write the message: %w", err)
	}
	return id, tx.QueueMessage(ctx, m, id)
}
