package main

import (
	"fmt"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
)

// newLog makes the log: JSON lines on standard error.
func newLog() (*zap.Logger, error) {
	log, err := logConfig().Build()
	if err != nil {
		return nil, fmt.Errorf("make the log: %w", err)
	}
	return log, nil
}

func logConfig() zap.Config {
	config := zap.NewProductionConfig()
	config.EncoderConfig.TimeKey = "at"
	config.EncoderConfig.EncodeTime = zapcore.ISO8601TimeEncoder
	return config
}

// temporalLog gives Temporal's SDK our log. Only keys that hold facts of the process are let through: the SDK would
// print whatever an error or an argument holds.
type temporalLog struct{ log *zap.Logger }

func (t temporalLog) Debug(msg string, keyvals ...any) { t.log.Debug(msg, plain(keyvals)...) }
func (t temporalLog) Info(msg string, keyvals ...any)  { t.log.Info(msg, plain(keyvals)...) }
func (t temporalLog) Warn(msg string, keyvals ...any)  { t.log.Warn(msg, plain(keyvals)...) }
func (t temporalLog) Error(msg string, keyvals ...any) { t.log.Error(msg, plain(keyvals)...) }

func plain(keyvals []any) []zap.Field {
	known := map[string]bool{
		"Namespace": true, "TaskQueue": true, "WorkflowType": true, "WorkflowID": true, "RunID": true, "ActivityType": true,
		"ActivityID": true, "Attempt": true, "WorkerID": true, "Error": true, "error": true, "kind": true,
	}
	var fields []zap.Field
	for i := 0; i+1 < len(keyvals); i += 2 {
		key, ok := keyvals[i].(string)
		if ok && known[key] {
			fields = append(fields, zap.String(key, fmt.Sprint(keyvals[i+1])))
		}
	}
	return fields
}
