/// Waits until the task is cancelled, without a thread: what does that by looking takes the time of
/// the tests beside it.
func untilCancelled() async {
  for await _ in AsyncStream<Never>.makeStream().stream {}
}
