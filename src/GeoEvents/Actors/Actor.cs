using System.Text.Json;
using System.Text.Json.Serialization;
using GeoEvents.Coding;
using GeoEvents.Hosting;

namespace GeoEvents.Actors;

[JsonConverter(typeof(KebabCaseEnumConverter<ActorKind>))]
public enum ActorKind { State, Bloc, Organisation, ArmedGroup, Company, Person, Other }

/// <summary>A time in which one actor belonged to another.</summary>
/// <param name="From">First day; null is from the beginning.</param>
/// <param name="To">Last day, included; null is until further notice.</param>
[JsonConverter(typeof(MembershipConverter))]
public sealed record Membership(ActorCode Actor, DateOnly? From = null, DateOnly? To = null);

/// <summary>Takes a bare code for a membership without dates, and writes one so.</summary>
public sealed class MembershipConverter : JsonConverter<Membership>
{
    public override Membership Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return ActorCode.TryParse(reader.GetString(), out var code) ? new Membership(code) : throw new JsonException("Not an actor code.");
        }

        try
        {
            var dated = JsonSerializer.Deserialize<Dated>(ref reader, options) ?? throw new JsonException();
            return new Membership(dated.Actor, dated.From, dated.To);
        }
        catch (JsonException)
        {
            // Thrown anew, so that the path is that of the membership and not that within it.
            throw new JsonException("Not an actor code, nor one as actor with the days from and to.");
        }
    }

    public override void Write(Utf8JsonWriter writer, Membership value, JsonSerializerOptions options)
    {
        if (value is { From: null, To: null })
        {
            JsonSerializer.Serialize(writer, value.Actor, options);
        }
        else
        {
            JsonSerializer.Serialize(writer, new Dated(value.Actor, value.From, value.To), options);
        }
    }

    private sealed record Dated(ActorCode Actor = default, DateOnly? From = null, DateOnly? To = null);
}

/// <summary>A fact in the stream of one actor.</summary>
public abstract record ActorEvent;

/// <param name="Affiliation">The actor it acts for or belongs to; null if none.</param>
public sealed record ActorRegistered(ActorCode Code, string Name, ActorKind Kind, [property: KeepEmpty] IReadOnlyList<Membership> Members, ActorCode? Affiliation)
    : ActorEvent;

/// <summary>Name, members or affiliation are others from now on. A kind does not change: register another actor.</summary>
public sealed record ActorAmended(string Name, [property: KeepEmpty] IReadOnlyList<Membership> Members, ActorCode? Affiliation, string Reason) : ActorEvent;

/// <summary>Who can act in the record: a state of ISO 3166-1, known from the start, or an actor registered in the workspace.</summary>
public record Actor(long Version, ActorCode Code, string Name, ActorKind Kind, IReadOnlyList<Membership> Members, ActorCode? Affiliation)
{
    public static Actor Of(State state) => new(0, state.Code, state.Name, ActorKind.State, [], null);

    public static Actor After(Actor? before, ActorEvent fact) => (before, fact) switch
    {
        (null, ActorRegistered e) => new Actor(1, e.Code, e.Name, e.Kind, e.Members, e.Affiliation),
        (not null, ActorAmended e) => before with
        {
            Version = before.Version + 1,
            Name = e.Name,
            Members = e.Members,
            Affiliation = e.Affiliation,
        },
        _ => throw new InvalidOperationException($"{fact.GetType().Name} cannot follow {(before is null ? "nothing" : "a registration")}."),
    };

    /// <returns>Nothing when it is so already.</returns>
    public IEnumerable<ActorEvent> Amend(string name, IReadOnlyList<Membership> members, ActorCode? affiliation, string reason) =>
        name == Name && members.SequenceEqual(Members) && affiliation == Affiliation ? [] : [new ActorAmended(name, members, affiliation, reason)];
}

/// <summary>An actor as known at a point of the record.</summary>
public sealed record ActorView : Actor
{
    public ActorView(Actor actor, string shown)
        : base(actor) => Shown = shown;

    /// <summary>The point, in words.</summary>
    public string Shown { get; }
}
