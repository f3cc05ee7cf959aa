namespace GeoEvents.Imports;

/// <summary>How fast an import goes: what it did within the last ten seconds.</summary>
/// <param name="file">Its position is how much was read.</param>
public sealed class ImportProgress(TimeProvider clock, Stream file)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private readonly Queue<(long At, long Rows, long Bytes)> past = [];

    /// <summary>The import as it will stand when some more rows are recorded: bytes, rate, time left.</summary>
    /// <param name="rows">Answered for, these included.</param>
    public Import Of(Import import, long rows)
    {
        var (now, bytes) = (clock.GetTimestamp(), file.Position);
        while (past.Count > 1 && clock.GetElapsedTime(past.Peek().At, now) > Window)
        {
            past.Dequeue();
        }

        double? rate = null;
        long? left = null;
        if (past.TryPeek(out var first) && clock.GetElapsedTime(first.At, now).TotalSeconds is > 0 and var seconds)
        {
            rate = Math.Round((rows - first.Rows) / seconds, 1);
            left = import.Size > bytes && bytes > first.Bytes ? (long)Math.Ceiling((import.Size.Value - bytes) * seconds / (bytes - first.Bytes)) : null;
        }

        past.Enqueue((now, rows, bytes));
        return import with { Bytes = bytes, Rate = rate, TimeLeft = left };
    }
}
