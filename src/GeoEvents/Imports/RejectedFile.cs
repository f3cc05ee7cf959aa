using System.Runtime.CompilerServices;
using GeoEvents.Imports.Formats;
using Npgsql;

namespace GeoEvents.Imports;

/// <summary>The rejected rows of an import, as a file to mend and load again.</summary>
public static class RejectedFile
{
    /// <summary>The rows as they came, in the order of the file, read as they are written.</summary>
    public static async IAsyncEnumerable<RejectedRow> Rows(NpgsqlDataSource database, string workspace, Guid import, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            "select line, field, reason, raw from geo.import_rejection where workspace = $1 and import = $2 order by line, reason");
        command.Parameters.Add(new() { Value = workspace });
        command.Parameters.Add(new() { Value = import });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            yield return new RejectedRow(reader.GetInt64(0), reader.GetString(1), reader.GetString(2), reader.GetFieldValue<byte[]>(3));
        }
    }

    /// <summary><c>events.tsv</c> is <c>events.rejected.tsv</c>; without folders.</summary>
    public static string NameOf(Import import)
    {
        var name = (import.Name ?? "import").Split('/', '\\')[^1];
        return $"{Path.GetFileNameWithoutExtension(name)}.rejected{Path.GetExtension(name)}";
    }
}
