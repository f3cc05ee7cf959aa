namespace GeoEvents.Recording;

/// <summary>A point K of the log: authoritative position, and the time shown for it.</summary>
/// <param name="Position">0 before the first fact.</param>
public readonly record struct LogPosition(long Position, DateTimeOffset? RecordedAt);
