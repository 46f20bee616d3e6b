import AionServer
import Testing

@Suite("Lines that come too often")
struct LogThrottleTests {
  @Test("One in an interval goes through, and tells how many did not")
  func throttled() {
    var throttle = LogThrottle(interval: .seconds(10))
    let start = ContinuousClock.now
    #expect(throttle.pass(at: start) == 0)
    for second in [0, 1, 9] { #expect(throttle.pass(at: start + .seconds(second)) == nil) }
    #expect(throttle.pass(at: start + .seconds(10)) == 3)
    #expect(throttle.pass(at: start + .seconds(19)) == nil)
    #expect(throttle.pass(at: start + .seconds(60)) == 1)
    #expect(throttle.pass(at: start + .seconds(70)) == 0)
  }
}
