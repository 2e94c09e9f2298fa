using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Field.Bench.Load;

/// <summary>All publishing connections, driven by one thread with poll(2).</summary>
internal sealed partial class Publishers : IDisposable
{
    private const short PollIn = 1;
    private const short PollOut = 4;
    private const int SilenceMs = 15_000;

    private readonly LoadOptions _options;
    private readonly Publisher[] _publishers;
    private readonly PollFd[] _poll;
    private readonly byte[] _received = new byte[1 << 16];

    public Publishers(LoadOptions options)
    {
        _options = options;
        _publishers = [.. Enumerable.Range(0, options.Publishers).Select(i => new Publisher(options, i))];
        _poll = [.. _publishers.Select(p => new PollFd { Fd = (int)p.Socket.Handle })];
        LatencyMs = new List<float>((int)Math.Min(options.Total, 4_000_000));
    }

    public List<float> LatencyMs { get; }

    public long Acknowledged { get; private set; }

    public long LastAckAt { get; private set; }

    public void Run()
    {
        long begin = Stopwatch.GetTimestamp();
        long lastHeard = begin;
        while (Acknowledged < _options.Total)
        {
            long allowed = _options.RatePerSecond is { } rate
                ? (long)(Stopwatch.GetElapsedTime(begin).TotalSeconds * rate / _options.Publishers)
                : long.MaxValue;
            for (int i = 0; i < _poll.Length; i++)
            {
                _poll[i].Events = (short)(PollIn | (_publishers[i].WantsToSend(allowed) ? PollOut : 0));
            }

            int ready = Poll(_poll, (nuint)_poll.Length, _options.RatePerSecond is null ? 1000 : 1);
            if (ready > 0 && Serve(allowed))
            {
                lastHeard = Stopwatch.GetTimestamp();
            }
            else if (Stopwatch.GetElapsedTime(lastHeard).TotalMilliseconds > SilenceMs)
            {
                return; // what is missing shows in the counts
            }
        }
    }

    public void Dispose()
    {
        foreach (Publisher publisher in _publishers)
        {
            publisher.Socket.Dispose();
        }
    }

    private bool Serve(long allowed)
    {
        bool heard = false;
        for (int i = 0; i < _poll.Length; i++)
        {
            if ((_poll[i].Returned & PollOut) != 0)
            {
                _publishers[i].Send(allowed);
            }

            if ((_poll[i].Returned & ~PollOut) != 0)
            {
                int read = _publishers[i].Socket.Receive(_received);
                if (read == 0)
                {
                    throw new InvalidOperationException("the broker closed a publisher's connection");
                }

                LastAckAt = Stopwatch.GetTimestamp();
                Acknowledged += _publishers[i].Take(_received.AsSpan(0, read), LastAckAt, LatencyMs);
                heard = true;
            }
        }

        return heard;
    }

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll([In, Out] PollFd[] fds, nuint count, int timeoutMs);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollFd
    {
        public int Fd;
        public short Events;
        public short Returned;
    }

    private sealed class Publisher(LoadOptions options, int number)
    {
        private readonly Frames _frames = new(LoadGenerator.Topic(number));
        private readonly long[] _sentAt = new long[65_536];
        private readonly byte[] _out = new byte[1 << 16];
        private readonly byte[] _ack = new byte[4];
        private int _from;
        private int _to;
        private int _ackBytes;
        private long _sent;
        private long _acked;

        public Socket Socket { get; } = LoadGenerator.Open(options.Port, $"bench-{number}");

        public bool WantsToSend(long allowed) => _from < _to || MaySend(allowed);

        public void Send(long allowed)
        {
            if (_from == _to)
            {
                _from = _to = 0;
                long now = Stopwatch.GetTimestamp();
                while (MaySend(allowed) && _to + _frames.PublishBytes <= _out.Length)
                {
                    long index = options.FirstIndex + _sent++;
                    _frames.WritePublish(_out.AsSpan(_to), index);
                    _sentAt[Frames.PacketId(index)] = now;
                    _to += _frames.PublishBytes;
                }
            }

            // Ready for writing does not mean ready for all of it: the rest goes next time.
            int sent = Socket.Send(_out.AsSpan(_from, _to - _from), SocketFlags.None, out SocketError error);
            if (error is not (SocketError.Success or SocketError.WouldBlock))
            {
                throw new SocketException((int)error);
            }

            _from += Math.Max(sent, 0);
        }

        public int Take(ReadOnlySpan<byte> bytes, long now, List<float> latencyMs)
        {
            int count = 0;
            foreach (byte b in bytes)
            {
                _ack[_ackBytes++] = b;
                if (_ackBytes < 4)
                {
                    continue;
                }

                _ackBytes = 0;
                ref long sentAt = ref _sentAt[(_ack[2] << 8) | _ack[3]];
                if (_ack[0] != 0x40 || sentAt == 0)
                {
                    throw new InvalidOperationException($"a PUBACK was expected, not 0x{_ack[0]:x2}");
                }

                latencyMs.Add((float)Stopwatch.GetElapsedTime(sentAt, now).TotalMilliseconds);
                sentAt = 0;
                _acked++;
                count++;
            }

            return count;
        }

        private bool MaySend(long allowed) => _sent < options.MessagesEach && _sent - _acked < options.Window && _sent < allowed;
    }
}
