import AionLog
import AionModel

extension Node {
  /// Takes note of lives, durably.
  mutating func learn(_ lives: [GroupRecord.Life], effects: inout Effects<Machine>) {
    var changed = group
    var isNews = false
    for life in lives where changed.learn(life) { isNews = true }
    guard isNews else { return }
    do throws(LogFault) {
      try log.save(changed)
      group = changed
    } catch {
      fail(.log(error), effects: &effects)
    }
  }
}
