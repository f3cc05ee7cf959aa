namespace GeoEvents.Coding;

/// <summary>The tables and documents that ship inside the assembly (folder <c>Data</c>).</summary>
public static class EmbeddedData
{
    /// <exception cref="FileNotFoundException">No file of that name ships.</exception>
    public static Stream Open(string fileName) =>
        typeof(EmbeddedData).Assembly.GetManifestResourceStream($"GeoEvents.Data.{fileName}")
        ?? throw new FileNotFoundException($"{fileName} does not ship with GeoEvents.", fileName);

    public static bool Has(string fileName) => typeof(EmbeddedData).Assembly.GetManifestResourceInfo($"GeoEvents.Data.{fileName}") is not null;

    public static IEnumerable<string> Lines(string fileName)
    {
        using var reader = new StreamReader(Open(fileName));
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }
}
