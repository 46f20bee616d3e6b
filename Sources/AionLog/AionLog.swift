// AionLog
