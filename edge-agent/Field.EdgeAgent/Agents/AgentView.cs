using System.Text.Json;
using Field.Contracts;
using Field.EdgeAgent.Outbox;
using Field.EdgeAgent.Uplink;
using Field.EdgeAgent.View;

namespace Field.EdgeAgent.Agents;

/// <summary>The figures of an agent's run.</summary>
internal sealed record AgentSummary(
    long Stored, long Refused, int PhotosStored, long Dropped, long Waiting, int Faults, double Seconds, long PeakMemoryBytes)
{
    /// <summary>Writes the summary as JSON.</summary>
    public byte[] ToJson()
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter json = new(buffer, new JsonWriterOptions { Indented = true, Encoder = WireJson.WriterOptions.Encoder }))
        {
            json.WriteStartObject();
            json.WriteNumber("messagesStored", Stored);
            json.WriteNumber("messagesRefused", Refused);
            json.WriteNumber("photosStored", PhotosStored);
            json.WriteNumber("dropped", Dropped);
            json.WriteNumber("waiting", Waiting);
            json.WriteNumber("faults", Faults);
            json.WriteNumber("seconds", Math.Round(Seconds, 3));
            json.WriteNumber("peakMemoryBytes", PeakMemoryBytes);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }
}

/// <summary>
/// Shows an agent's run in one line, written again where the terminal can, and counts. Faults and changes of the connection have lines
/// of their own. Safe for concurrent use.
/// </summary>
internal sealed class AgentView(Texts texts, TextWriter output, TextWriter errors, bool isInteractive, TimeProvider time) : IUploadObserver
{
    private const int MostFaultLines = 20;

    private readonly Lock _gate = new();
    private readonly long _startedAt = time.GetTimestamp();
    private readonly TextWriter _output = TextWriter.Synchronized(output);
    private readonly TextWriter _errors = TextWriter.Synchronized(errors);
    private long _stored;
    private long _refused;
    private int _photos;
    private int _faults;
    private bool _online;
    private string _shown = "";

    /// <summary>The language.</summary>
    public Texts Texts => texts;

    /// <inheritdoc/>
    public void On(UploadEvent e)
    {
        switch (e)
        {
            case UploadEvent.MessagesStored stored:
                Interlocked.Add(ref _stored, stored.Count);
                break;
            case UploadEvent.MessageRefused refused:
                Interlocked.Increment(ref _refused);
                Error(texts.MessageRefused(refused.Channel, refused.Sequence, refused.Reason));
                break;
            case UploadEvent.Stored:
                Interlocked.Increment(ref _photos);
                break;
            case UploadEvent.Connected:
                _online = true;
                break;
            case UploadEvent.Disconnected:
                _online = false;
                Line(EventLine.Of(e, "", texts)!.Text);
                break;
            case UploadEvent.ThumbnailsEnded or UploadEvent.JournalTorn or UploadEvent.Unreadable or UploadEvent.Rejected or UploadEvent.Lost or UploadEvent.NotDeleted:
                Error(EventLine.Of(e, "", texts)!.Text);
                break;
        }
    }

    /// <summary>Something a person has to look at: counted, and shown while there are few.</summary>
    public void Fault(string message)
    {
        if (Interlocked.Increment(ref _faults) is var count && count <= MostFaultLines)
        {
            Error(count < MostFaultLines ? message : texts.MoreFaults(message));
        }
    }

    /// <summary>Writes a line for a person.</summary>
    public void Error(string message)
    {
        lock (_gate)
        {
            EndLine();
            _errors.WriteLine(message);
        }
    }

    /// <summary>Shows what waits now, when it changed.</summary>
    public void Show(OutboxFigures figures, int photosWaiting)
    {
        string line = texts.AgentLine(
            figures.Messages, figures.Samples, photosWaiting, Interlocked.Read(ref _stored), Interlocked.Read(ref _refused), figures.Dropped, _online);
        lock (_gate)
        {
            if (line == _shown)
            {
                return;
            }

            if (isInteractive)
            {
                _output.Write($"\r{line}\u001b[K");
            }
            else
            {
                _output.WriteLine(line);
            }

            _shown = line;
        }
    }

    /// <summary>The figures so far.</summary>
    public AgentSummary Summary(OutboxFigures figures, int photosWaiting)
    {
        using System.Diagnostics.Process self = System.Diagnostics.Process.GetCurrentProcess();
        return new AgentSummary(
            Interlocked.Read(ref _stored), Interlocked.Read(ref _refused), _photos, figures.Dropped, figures.Waiting + photosWaiting, _faults,
            time.GetElapsedTime(_startedAt).TotalSeconds, self.PeakWorkingSet64);
    }

    /// <summary>Ends the line that is written again and again.</summary>
    public void Finish()
    {
        lock (_gate)
        {
            EndLine();
        }
    }

    private void Line(string text)
    {
        lock (_gate)
        {
            EndLine();
            _output.WriteLine(text);
        }
    }

    private void EndLine()
    {
        if (isInteractive && _shown.Length > 0)
        {
            _output.WriteLine();
        }

        _shown = "";
    }
}
