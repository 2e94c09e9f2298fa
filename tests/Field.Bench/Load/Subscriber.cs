using System.Buffers.Text;
using System.Diagnostics;
using System.Net.Sockets;

namespace Field.Bench.Load;

/// <summary>Receives all publishers' messages at QoS 1, acknowledges them and counts which came.</summary>
internal sealed class Subscriber : IDisposable
{
    private readonly LoadOptions _options;
    private readonly Socket _socket;
    private readonly Thread _thread;
    private readonly bool[] _seen;
    private readonly byte[] _buffer = new byte[1 << 20];
    private readonly byte[] _acks = new byte[1 << 18];

    public Subscriber(LoadOptions options)
    {
        _options = options;
        _seen = new bool[options.Total];
        _socket = LoadGenerator.Open(options.Port, "bench-subscriber");
        _socket.Send(Frames.Subscribe(LoadGenerator.Filter));
        byte[] answer = new byte[5];
        LoadGenerator.Exactly(_socket, answer);
        if (answer[0] != 0x90 || answer[4] > 2)
        {
            throw new InvalidOperationException("the broker refused the subscription");
        }

        _thread = new Thread(Run) { IsBackground = true };
        _thread.Start();
    }

    public long Delivered { get; private set; }

    public long Twice { get; private set; }

    public long LastAt { get; private set; }

    public void Join() => _thread.Join();

    public void Dispose() => _socket.Dispose();

    private void Run()
    {
        int length = 0;
        try
        {
            while (Delivered < _options.Total)
            {
                int read = _socket.Receive(_buffer.AsSpan(length));
                if (read == 0)
                {
                    return;
                }

                length += read;
                int used = Take(_buffer.AsSpan(0, length), out int acks);
                LastAt = Stopwatch.GetTimestamp();
                Send(_acks.AsSpan(0, acks));
                _buffer.AsSpan(used, length - used).CopyTo(_buffer);
                length -= used;
            }
        }
        catch (SocketException)
        {
            // Silent for too long or gone: what is missing shows in the counts.
        }
    }

    private int Take(Span<byte> bytes, out int acks)
    {
        int at = 0;
        acks = 0;
        while (bytes.Length - at >= 3)
        {
            int lengthBytes = bytes[at + 1] < 128 ? 1 : 2;
            int remaining = lengthBytes == 1 ? bytes[at + 1] : (bytes[at + 1] & 127) | (bytes[at + 2] << 7);
            int total = 1 + lengthBytes + remaining;
            if (bytes.Length - at < total)
            {
                break;
            }

            if (bytes[at] >> 4 == 3)
            {
                Message(bytes.Slice(at, total), 1 + lengthBytes, ref acks);
            }

            at += total;
        }

        return at;
    }

    private void Message(ReadOnlySpan<byte> packet, int topicAt, ref int acks)
    {
        int topicBytes = (packet[topicAt] << 8) | packet[topicAt + 1];
        int at = topicAt + 2 + topicBytes;
        if ((packet[0] & 6) != 0)
        {
            _acks[acks] = 0x40;
            _acks[acks + 1] = 2;
            packet.Slice(at, 2).CopyTo(_acks.AsSpan(acks + 2));
            acks += 4;
            at += 2;
        }

        int number = packet[(topicAt + 2)..].IndexOf("gauge-"u8) + topicAt + 2 + 6;
        if (!Utf8Parser.TryParse(packet.Slice(number, 3), out int publisher, out _)
            || !Utf8Parser.TryParse(packet.Slice(at + Frames.SequenceOffset, 10), out long sequence, out _))
        {
            throw new InvalidOperationException("the subscriber got a message that no publisher sent");
        }

        long index = ((sequence - Frames.FirstSequence - _options.FirstIndex) * _options.Publishers) + publisher;
        if (_seen[index])
        {
            Twice++;
        }
        else
        {
            _seen[index] = true;
            Delivered++;
        }
    }

    private void Send(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[_socket.Send(bytes)..];
        }
    }
}
