namespace GeoEvents.Watching;

/// <summary>A folder on the machine of the service into which somebody puts files.</summary>
public sealed class FolderPlace(string folder, TimeProvider clock) : IFeedPlace
{
    /// <summary>A file that was written to more recently may still be growing.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(10);

    public Task<OpenedFile?> Open(string name, CancellationToken cancel)
    {
        try
        {
            var file = new FileInfo(Path.Combine(folder, name));
            if (!IsPlain(file))
            {
                return Task.FromResult<OpenedFile?>(null);
            }

            var content = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 16, useAsync: true);
            return Task.FromResult<OpenedFile?>(new OpenedFile(content, content.Length, content));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FeedException($"{name} in {folder} cannot be read: {e.Message}");
        }
    }

    public IReadOnlyList<FeedFile> List()
    {
        try
        {
            var written = clock.GetUtcNow() - Settled;
            return
            [
                .. new DirectoryInfo(folder).EnumerateFiles()
                    .Where(f => FeedFile.IsName(f.Name) && IsPlain(f) && f.Length <= FeedFile.Largest && f.LastWriteTimeUtc <= written)
                    .Select(f => new FeedFile(f.Name, f.Length, null, FeedFile.TimeOf(f.Name), new DateTimeOffset(f.LastWriteTimeUtc))),
            ];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FeedException($"The folder {folder} cannot be read: {e.Message}");
        }
    }

    /// <summary>A link could lead out of the folder.</summary>
    private static bool IsPlain(FileInfo file) => file.Exists && (file.Attributes & (FileAttributes.ReparsePoint | FileAttributes.Directory)) == 0;
}
