package email

import (
	"errors"
	"net/textproto"
	"strconv"

	gomail "github.com/wneessen/go-mail"

	"github.com/privacy-docket/docket/notify"
)

// classify keeps the step and the codes of an error and drops its words: replies repeat addresses.
//
// RFC 5321 4.2.1: 4xx asks to try again, 5xx forbids it. Two 5xx are not the message's fault and may be mended by the
// operator, so they stay temporary: a refused sign-in (530, 534, 535) and a command out of order (503). What has no
// code at all, a broken connection or a certificate, is temporary as well.
func classify(err, ended error) error {
	f := &notify.Failure{Channel: notify.ChannelEmail, Step: "connect", Temporary: true}
	code := 0
	var send *gomail.SendError
	var reply *textproto.Error
	switch {
	case errors.As(err, &send):
		f.Step, code = step(send.Reason), send.ErrorCode()
		f.Code = send.EnhancedStatusCode()
	case errors.As(err, &reply):
		code = reply.Code
	}
	if code != 0 {
		f.Code = join(strconv.Itoa(code), f.Code)
	}
	switch code {
	case 530, 534, 535, 503:
		f.Step = "sign in"
	default:
		f.Temporary = code < 500
	}
	if ended != nil {
		return f.FromContext(ended)
	}
	return f.FromContext(err)
}

func join(code, enhanced string) string {
	if enhanced == "" {
		return code
	}
	return code + " " + enhanced
}

// step names the part of the SMTP dialogue that failed.
func step(reason gomail.SendErrReason) string {
	switch reason {
	case gomail.ErrSMTPMailFrom:
		return "sender address"
	case gomail.ErrSMTPRcptTo:
		return "recipient address"
	case gomail.ErrSMTPData, gomail.ErrSMTPDataClose, gomail.ErrWriteContent:
		return "delivery of the text"
	case gomail.ErrGetSender, gomail.ErrGetRcpts:
		return "compose"
	}
	return "dialogue with the server"
}
