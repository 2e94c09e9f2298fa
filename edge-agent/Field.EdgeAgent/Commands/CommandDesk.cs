using System.Text.Json;
using Field.Contracts;

namespace Field.EdgeAgent.Commands;

/// <summary>Which commands a device takes.</summary>
/// <param name="Site">Site id.</param>
/// <param name="Device">Device id.</param>
/// <param name="Names">The commands it knows.</param>
/// <param name="IsSealed">
/// True for a command that bears the device's seal. A device without a secret takes what its own <c>down</c> topic brings: there only the
/// server may publish.
/// </param>
internal sealed record CommandRules(string Site, string Device, IReadOnlyList<string> Names, Func<DeviceCommand, bool> IsSealed);

/// <summary>Decides whether a command is done (SPEC.md, Commands): sealed, for the first time, in time, known. Not safe for concurrent use.</summary>
/// <param name="rules">What the device takes.</param>
/// <param name="begun">What it has begun before.</param>
/// <param name="clock">Its clock.</param>
internal sealed class CommandDesk(CommandRules rules, BegunCommands begun, DeviceClock clock)
{
    /// <summary>Most answers an hour to what was not sealed: whoever sends junk must not fill the outbox.</summary>
    public const int UnsealedAnswersPerHour = 20;

    private DateTimeOffset _hour;
    private int _answers;

    /// <summary>Commands that were neither sealed nor answered.</summary>
    public long Ignored { get; private set; }

    /// <summary>Takes a payload: what to answer now, or a command to do, which then is remembered as begun.</summary>
    public (CommandResult? Answer, DeviceCommand? Accepted) Take(ReadOnlyMemory<byte> payload)
    {
        Parsed<DeviceCommand> parsed = DeviceCommand.Parse(payload, rules.Site, rules.Device);
        if (parsed.Value is not { } command)
        {
            return (Unsealed(IdOf(payload), $"malformed: {string.Join("; ", parsed.Errors.Select(e => $"{e.Code} {e.At}".TrimEnd()).Take(8))}"), null);
        }

        if (!rules.IsSealed(command))
        {
            return (Unsealed(command.Id, "not-sealed"), null);
        }

        if (begun.IsOpen(command.Id))
        {
            return (null, null); // the line repeated it; its answer comes, and the first one counts
        }

        if (begun.Knows(command.Id))
        {
            return (new CommandResult(command.Id, CommandOutcome.Refused, "duplicate"), null);
        }

        clock.Learn(command.IssuedAt);
        if (command.ExpiresAt <= clock.Now)
        {
            return (new CommandResult(command.Id, CommandOutcome.Expired), null);
        }

        if (!rules.Names.Contains(command.Name))
        {
            return (new CommandResult(command.Id, CommandOutcome.Refused, "unknown-command"), null);
        }

        return begun.TryBegin(command, clock.Now)
            ? (null, command)
            : (new CommandResult(command.Id, CommandOutcome.Refused, "busy"), null);
    }

    /// <summary>The answer is in the outbox.</summary>
    public void SetAnswered(string commandId)
    {
        if (begun.Knows(commandId))
        {
            begun.SetAnswered(commandId);
        }
    }

    private CommandResult? Unsealed(string? id, string detail)
    {
        DateTimeOffset now = clock.Now;
        if (now - _hour >= TimeSpan.FromHours(1) || now < _hour)
        {
            (_hour, _answers) = (now, 0);
        }

        if (id is null || _answers >= UnsealedAnswersPerHour)
        {
            Ignored++;
            return null;
        }

        _answers++;
        return new CommandResult(id, CommandOutcome.Refused, detail);
    }

    /// <summary>The id of a message that is otherwise wrong, so that whoever asked hears why.</summary>
    private static string? IdOf(ReadOnlyMemory<byte> payload)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(payload, new JsonDocumentOptions { MaxDepth = 32 });
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("id", out JsonElement id) && id.ValueKind == JsonValueKind.String
                && id.GetString() is { Length: > 0 and <= 128 } text ? text : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
