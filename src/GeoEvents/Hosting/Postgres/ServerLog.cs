namespace GeoEvents.Hosting.Postgres;

/// <summary>PostgreSQL's own log: one file and the one before it, each of about <see cref="Limit"/> bytes at most.</summary>
/// <remarks>
/// PostgreSQL can rotate by size but then never deletes, so we do it: copy, then cut. The server appends, so it goes on at the start.
/// A few lines written between the two are lost, which a log of warnings can bear.
/// </remarks>
internal sealed class ServerLog(string path) : IDisposable
{
    private const long Limit = 4 * 1024 * 1024;

    private Timer? timer;

    public string Path => path;

    public long Length => File.Exists(path) ? new FileInfo(path).Length : 0;

    /// <summary>Looks at the size now and once a minute.</summary>
    public void KeepBounded() => timer = new Timer(_ => Cut(), state: null, TimeSpan.Zero, TimeSpan.FromMinutes(1));

    /// <summary>What was written since the log was <paramref name="start"/> bytes long.</summary>
    public string Since(long start)
    {
        if (Length <= start)
        {
            return "";
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Position = start;
        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }

    public void Dispose() => timer?.Dispose();

    private void Cut()
    {
        try
        {
            if (Length > Limit)
            {
                File.Delete($"{path}.1");
                File.Copy(path, $"{path}.1");
                using var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
                file.SetLength(0);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The disk is full or the folder is being deleted: tried again in a minute.
        }
    }
}
