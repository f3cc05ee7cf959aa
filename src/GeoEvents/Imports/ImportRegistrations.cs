using GeoEvents.Hosting;
using GeoEvents.Incidents;
using GeoEvents.Recording;

namespace GeoEvents.Imports;

/// <summary>Actors and sources that a file brings. One that is on record otherwise stays as it is, and the import says so.</summary>
public sealed class ImportRegistrations(Call call, Registrations register) : Decision(call)
{
    private readonly List<string> conflicts = [];

    /// <summary>What was left as it is; valid once recorded.</summary>
    public IReadOnlyList<string> Conflicts => conflicts;

    public override IReadOnlyCollection<StreamKey> Streams { get; } = [.. register.Streams];

    public override IReadOnlyList<Facts> Decide(RecordView record, DateTimeOffset recordedAt)
    {
        conflicts.Clear();
        var facts = new List<Facts>();
        foreach (var actor in register.Actors ?? [])
        {
            Take(new Registrations(Actors: [actor]), $"actor '{actor.Code}'");
        }

        foreach (var source in register.Sources ?? [])
        {
            Take(new Registrations(Sources: [source]), $"source '{source.Id}'");
        }

        return facts;

        void Take(Registrations one, string name)
        {
            try
            {
                facts.AddRange(one.Decide(record, ""));
            }
            catch (RefusedException)
            {
                conflicts.Add($"The file describes {name} otherwise than the record, which was left as it is.");
            }
        }
    }
}
