using GeoEvents.Coding;
using GeoEvents.Incidents;
using GeoEvents.Relationships;
using Npgsql;

namespace GeoEvents.Benchmarks.LedgerShapes;

/// <summary>One revision of an incident with one link.</summary>
/// <param name="Fact">What the log holds of it: <see cref="IncidentLogged"/> for the first, <see cref="IncidentGraded"/> after.</param>
public sealed record Revision(
    Guid Incident, long Position, bool First, Dyad Dyad, bool Forward, DateTimeOffset Tau, string Cameo, double? Credibility, bool Opens, IncidentEvent Fact)
{
    public Impulse Impulse => Impulse.Of(new LedgerEntry(Incident, 0, Forward, 1, Tau, null, Cameo, Credibility, 0, 0, true, Opens, null), Methods.Current);
}

/// <summary>What a shape answers for (V, K): tension, and the relative level, which needs the sums of 1,095 midnights.</summary>
public sealed record Answer(double Tension, RelativeLevel Level);

/// <summary>A way of keeping what numbers are computed from.</summary>
public abstract class LedgerShape(NpgsqlDataSource database)
{
    public abstract string Name { get; }

    protected NpgsqlDataSource Database { get; } = database;

    public abstract Task Create();

    /// <summary>Writes revisions in one transaction.</summary>
    public async Task Write(IReadOnlyList<Revision> revisions)
    {
        await using var connection = await Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await Write(connection, revisions);
        await transaction.CommitAsync();
    }

    public abstract Task<Answer> Read(Dyad dyad, long known, DateTimeOffset valid);

    protected abstract Task Write(NpgsqlConnection connection, IReadOnlyList<Revision> revisions);

    protected static Answer Fold(IEnumerable<LedgerEntry> entries, DateTimeOffset valid)
    {
        var fold = new RelationshipFold(entries, Methods.Current);
        return new Answer(fold.At(valid).Tension, fold.LevelAt(valid));
    }

    protected static async Task Execute(NpgsqlConnection connection, string sql, params object[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new() { Value = parameter });
        }

        await command.ExecuteNonQueryAsync();
    }
}
