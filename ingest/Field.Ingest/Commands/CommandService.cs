using System.Text.Json;
using Field.Contracts;
using Field.Store;
using Field.Store.Audit;
using Microsoft.Extensions.Logging;

namespace Field.Ingest.Commands;

/// <summary>What somebody wants a device to do.</summary>
/// <param name="Device">Device id.</param>
/// <param name="Name">Such as <c>lock.open</c>.</param>
/// <param name="Reason">Why; never empty.</param>
/// <param name="Who">Who asks: a user's name.</param>
/// <param name="ArgsJson">A JSON object.</param>
/// <param name="Lifetime">How long the device may still do it; one minute by default.</param>
public sealed record CommandRequest(string Device, string Name, string Reason, string Who, string ArgsJson = "{}", TimeSpan? Lifetime = null);

/// <summary>A command and what became of it.</summary>
/// <param name="Device">The device it was sent to.</param>
/// <param name="Outcome"><c>sent</c> until it is answered, then <c>done</c>, <c>refused</c>, <c>failed</c> or <c>expired</c>.</param>
/// <param name="Detail">A word of the device, or null.</param>
public sealed record CommandState(string Device, string Outcome, string? Detail);

/// <summary>
/// Sends commands to devices and keeps them with their outcome, as rows of the events (id <c>command:ID</c>, kind <c>command</c>) that the
/// map sees live. A command is in the audit log and stored before it is sent; its first answer counts, and only the device it was sent to can answer.
/// </summary>
public sealed class CommandService
{
    /// <summary>The kind of the rows.</summary>
    public const string Kind = "command";

    private const int MaxWho = 64;
    private const string Sent = "sent";

    private readonly IngestOptions _options;
    private readonly FieldStores _stores;
    private readonly LockSecrets _secrets;
    private readonly IMessageSink _sink;
    private readonly LiveUpdates _live;
    private readonly AuditLog? _audit;
    private readonly TimeProvider _time;
    private readonly ILogger<CommandService> _log;

    internal CommandService(
        IngestOptions options, FieldStores stores, LockSecrets secrets, IMessageSink sink, LiveUpdates live, AuditLog? audit,
        TimeProvider time, ILogger<CommandService> log) =>
        (_options, _stores, _secrets, _sink, _live, _audit, _time, _log) = (options, stores, secrets, sink, live, audit, time, log);

    /// <summary>Sends a command.</summary>
    /// <returns>The command's id. The outcome comes with the row of that id.</returns>
    /// <exception cref="FieldException">The request is not a command; the message says everything that is wrong with it. Or the audit log cannot be written.</exception>
    public async Task<string> SendAsync(CommandRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        DeviceCommand command = Check(request);
        if (_audit is not null)
        {
            AuditEntry entry = new("command.send", $"user:{request.Who}", $"{_options.Site}/{request.Device}", "done") { Detail = $"{command.Name}, {command.Id}: {command.Reason}" };
            await _audit.AppendAsync([entry], cancellationToken).ConfigureAwait(false); // first: nothing goes unrecorded
        }

        Feature row = new(FieldTables.Events, RowId(command.Id), null, new Dictionary<string, object?>
        {
            ["device"] = request.Device,
            ["kind"] = Kind,
            ["time"] = command.IssuedAt,
            ["receivedAt"] = command.IssuedAt,
            ["details"] = Details(command, request.Who, Sent, null),
        });
        await WriteAsync(row, cancellationToken).ConfigureAwait(false);
        await _sink.PublishAsync(Topics.Command(_options.Site, request.Device), command.Write(_options.Site, request.Device), qos: 1, cancellationToken).ConfigureAwait(false);
        _log.CommandSent(command.Id, command.Name, request.Device, request.Who);
        return command.Id;
    }

    /// <summary>A command and what became of it; null when there is no such one.</summary>
    public async Task<CommandState?> FindAsync(string commandId, CancellationToken cancellationToken)
    {
        Feature? row = await _stores.Features.FindAsync(FieldTables.Events, RowId(commandId), cancellationToken).ConfigureAwait(false);
        if (row is null)
        {
            return null;
        }

        using JsonDocument details = JsonDocument.Parse(row.Text("details")!);
        string? detail = details.RootElement.TryGetProperty("detail", out JsonElement text) ? text.GetString() : null;
        return new(row.Text("device")!, details.RootElement.GetProperty("outcome").GetString()!, detail);
    }

    /// <summary>Takes a device's answer. One to an unknown command, to another device's, or a second one changes nothing.</summary>
    internal async Task AnsweredAsync(string device, CommandResult result, CancellationToken cancellationToken)
    {
        Feature? row = await _stores.Features.FindAsync(FieldTables.Events, RowId(result.CommandId), cancellationToken).ConfigureAwait(false);
        if (row is null || row.Text("device") != device || row.Text("kind") != Kind)
        {
            return;
        }

        using JsonDocument details = JsonDocument.Parse(row.Text("details")!);
        if (details.RootElement.GetProperty("outcome").GetString() != Sent)
        {
            return;
        }

        string outcome = result.Outcome switch
        {
            CommandOutcome.Done => "done",
            CommandOutcome.Refused => "refused",
            CommandOutcome.Failed => "failed",
            _ => "expired",
        };
        await WriteAsync(row.With(("details", WithOutcome(details.RootElement, outcome, result.Detail))), cancellationToken).ConfigureAwait(false);
        _log.CommandAnswered(result.CommandId, device, outcome);
    }

    private static string RowId(string commandId) => $"command:{commandId}";

    /// <summary>The command as the device will read it: what its parser would refuse is refused here, with the same words.</summary>
    private DeviceCommand Check(CommandRequest request)
    {
        if (!Ids.IsDevice(request.Device) || string.IsNullOrWhiteSpace(request.Who) || request.Who.Length > MaxWho || request.Who.Any(char.IsControl))
        {
            throw new FieldException("a command needs a device id and who asks for it");
        }

        DateTimeOffset now = _time.GetUtcNow();
        DeviceCommand command = new(
            $"{now.UtcTicks:x}-{Guid.NewGuid():N}", request.Name, request.Reason, now, now + (request.Lifetime ?? TimeSpan.FromMinutes(1)), request.ArgsJson);
        Parsed<DeviceCommand> parsed;
        try
        {
            parsed = DeviceCommand.Parse(command.Write(_options.Site, request.Device), _options.Site, request.Device);
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw new FieldException("args must be a JSON object", innerException: e);
        }

        if (parsed.Value is null)
        {
            throw new FieldException(string.Join("; ", parsed.Errors));
        }

        if (_secrets.Find(request.Device) is { } secret)
        {
            return command.Sealed(secret, $"{_options.Site}/{request.Device}");
        }

        return command.Name.StartsWith("lock.", StringComparison.Ordinal)
            ? throw new FieldException($"{request.Device} has no lock secret here, and a lock does nothing without a seal; enrol it as a lock")
            : command;
    }

    private static string Details(DeviceCommand command, string who, string outcome, string? detail) => WireJson.WriteObject(writer =>
    {
        writer.WriteString("kind", Kind);
        writer.WriteString("commandId", command.Id);
        writer.WriteString("name", command.Name);
        writer.WriteString("reason", command.Reason);
        writer.WriteString("who", who);
        writer.WriteOptional("expiresAt", command.ExpiresAt);
        writer.WriteString("outcome", outcome);
        writer.WriteOptional("detail", detail);
    });

    private static string WithOutcome(JsonElement details, string outcome, string? detail) => WireJson.WriteObject(writer =>
    {
        foreach (JsonProperty member in details.EnumerateObject().Where(m => m.Name is not ("outcome" or "detail")))
        {
            member.WriteTo(writer);
        }

        writer.WriteString("outcome", outcome);
        writer.WriteOptional("detail", detail);
    });

    private async Task WriteAsync(Feature row, CancellationToken cancellationToken)
    {
        IReadOnlyList<Feature?> written = await _stores.Features.WriteAsync([new FeatureWrite(row)], cancellationToken).ConfigureAwait(false);
        await _live.PublishAsync([written[0]!], cancellationToken).ConfigureAwait(false);
    }
}
