using System.Text.Json;

namespace Field.Contracts;

/// <summary>What became of a command.</summary>
public enum CommandOutcome
{
    /// <summary>It was done, and the hardware confirmed it.</summary>
    Done,

    /// <summary>The device will not do it: not sealed, no reason, seen before, not known.</summary>
    Refused,

    /// <summary>It was tried and did not work.</summary>
    Failed,

    /// <summary>It came too late.</summary>
    Expired,
}

/// <summary>A device's answer to a command: an event of kind <c>command-result</c> (SPEC.md, Commands).</summary>
/// <param name="CommandId">The command's id.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Detail">A word or sentence for the person who asked, or null.</param>
public sealed record CommandResult(string CommandId, CommandOutcome Outcome, string? Detail = null)
{
    /// <summary>The event's kind.</summary>
    public const string Kind = "command-result";

    private static readonly string[] Outcomes = ["done", "refused", "failed", "expired"];

    /// <summary>The answer as an event.</summary>
    public FieldEvent ToEvent() => new(Kind, null, WireJson.WriteObject(writer =>
    {
        writer.WriteString("kind", Kind);
        writer.WriteString("commandId", CommandId);
        writer.WriteString("outcome", Outcomes[(int)Outcome]);
        writer.WriteOptional("detail", Detail);
    }));

    /// <summary>Reads the answer in an event; null when it is another kind of event.</summary>
    public static CommandResult? From(FieldEvent happened)
    {
        ArgumentNullException.ThrowIfNull(happened);
        if (happened.Kind != Kind)
        {
            return null;
        }

        using JsonDocument document = JsonDocument.Parse(happened.PropertiesJson);
        JsonChecker json = new();
        return Read(json, document.RootElement, "");
    }

    /// <summary>Checks the properties of an event of this kind.</summary>
    internal static CommandResult? Read(JsonChecker json, JsonElement properties, string at)
    {
        string? id = json.Text(properties, at, "commandId", maxLength: 128);
        string? outcome = json.Text(properties, at, "outcome", maxLength: 16);
        int index = Array.IndexOf(Outcomes, outcome);
        if (outcome is not null && index < 0)
        {
            json.Add($"{at}/outcome", ErrorCodes.BadFormat, $"must be one of {string.Join(", ", Outcomes)}");
        }

        string? detail = json.Text(properties, at, "detail", required: false);
        return id is null || index < 0 ? null : new CommandResult(id, (CommandOutcome)index, detail);
    }
}
