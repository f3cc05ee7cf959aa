namespace GeoEvents.Watching;

/// <summary>Where the files of a feed lie.</summary>
public interface IFeedPlace
{
    /// <returns>Null if there is no such file.</returns>
    /// <exception cref="FeedException">The place does not answer as it should.</exception>
    Task<OpenedFile?> Open(string name, CancellationToken cancel);

    /// <returns>Null if the place cannot be listed.</returns>
    /// <exception cref="FeedException">The place is not there.</exception>
    IReadOnlyList<FeedFile>? List();
}

/// <summary>A file that is about to be read.</summary>
/// <param name="Length">Bytes; null if the place does not say.</param>
public sealed record OpenedFile(Stream Content, long? Length, IDisposable Owner) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        await Content.DisposeAsync();
        Owner.Dispose();
    }
}

/// <summary>The place of a feed does not answer, or not as it should; worth another try later.</summary>
public class FeedException(string reason) : Exception(reason);

/// <summary>One file is not what was announced; the others may be.</summary>
public sealed class FeedFileException(string reason) : FeedException(reason);
